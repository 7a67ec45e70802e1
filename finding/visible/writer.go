package visible

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// A Writer writes Lines. What is given to one Write are whole lines.
type Writer struct{ W io.Writer }

func (w Writer) Write(text []byte) (int, error) {
	if _, err := io.WriteString(w.W, Lines(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// Encode writes a value as an indented JSON document, which means the same
// to who reads it as without the escapes for what is not to be seen in a
// terminal or in a log.
func Encode(w io.Writer, value any) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := w.Write(JSON(text.Bytes()))
	return err
}

// JSON escapes in the strings of a document what is not to be seen; elsewhere
// in it there is nothing of the kind.
func JSON(document []byte) []byte {
	var b bytes.Buffer
	for i := 0; i < len(document); {
		r, size := utf8.DecodeRune(document[i:])
		switch {
		case r >= 0x7f && Hidden(r), r == '#' && isCommand(string(document[i+1:min(i+32, len(document))])):
			if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
				fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
			} else {
				fmt.Fprintf(&b, `\u%04x`, r)
			}
		default:
			b.Write(document[i : i+size])
		}
		i += size
	}
	return b.Bytes()
}
