package lsp

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

type writer struct{ bytes.Buffer }

func (*writer) Close() error { return nil }

func TestFrames(t *testing.T) {
	tests := []struct {
		name, sent string
		want       string // messages
		err        string // after them; "" for the end
	}{
		{"nothing", "", "", ""},
		{"two", "Content-Length: 2\r\n\r\n{}Content-Type: x\r\ncontent-length:3\n\n[ ]", "{}|[ ]", ""},
		{"empty", "Content-Length: 0\r\n\r\n", "", ""},
		{"gone in a header", "Content-Length: 2\r\n", "", "unexpected EOF"},
		{"gone in a word", "Content", "", "unexpected EOF"},
		{"gone in a message", "Content-Length: 3\r\n\r\n{}", "", "unexpected EOF"},
		{"no length", "Content-Type: x\r\n\r\n{}", "", "a message without its length"},
		{"only an end", "\r\n{}", "", "a message without its length"},
		{"negative", "Content-Length: -1\r\n\r\n", "", `"Content-Length: -1" is no length`},
		{"no number", "Content-Length: x\r\n\r\n", "", `"Content-Length: x" is no length`},
		{"overflow", "Content-Length: 99999999999999999999\r\n\r\n", "", `"Content-Length: 99999999999999999999" is no length`},
		{"large", "Content-Length: 1000000000\r\n\r\n", "", "a message of more than 64 MB"},
		{"no header", "{}\r\n\r\n", "", `"{}" is no header`},
		{"long line", "X: " + strings.Repeat("x", 2*maxHeader), "", "a header of more than 4 KB"},
		{"many lines", strings.Repeat("X: x\r\n", maxHeader), "", "a header of more than 4 KB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFrames(strings.NewReader(test.sent), new(writer))
			var got []string
			for {
				message, err := f.Recv()
				if err == nil {
					got = append(got, string(message))
					continue
				}
				if test.err == "" && err != io.EOF || test.err != "" && err.Error() != test.err {
					t.Errorf("error %v, want %q", err, test.err)
				}
				break
			}
			if strings.Join(got, "|") != test.want {
				t.Errorf("received %q", got)
			}
		})
	}
}

// What is received is in what was sent, as often as it was sent; and what is
// sent is received.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("Content-Length: 2\r\n\r\n{}"), []byte("{}"))
	f.Add([]byte("Content-Length: 2\r\nContent-Length: 1\r\n\r\n{}"), []byte(""))
	f.Add([]byte("Content-Length: 9223372036854775807\r\n\r\n{}"), []byte("\r\n\r\n"))
	f.Fuzz(func(t *testing.T, sent, message []byte) {
		in := newFrames(bytes.NewReader(sent), new(writer))
		for total := 0; ; {
			got, err := in.Recv()
			if err != nil {
				break
			}
			if total += len(got) + len("Content-Length:0\n\n"); total > len(sent) || !bytes.Contains(sent, got) {
				t.Fatalf("%q is made up", got)
			}
		}
		out := new(writer)
		if err := newFrames(nil, out).Send(message); err != nil {
			t.Fatal(err)
		}
		got, err := newFrames(&out.Buffer, nil).Recv()
		if err != nil || !bytes.Equal(got, message) {
			t.Errorf("received %q, %v", got, err)
		}
	})
}
