package cache

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
)

// Forms of entries.
const (
	plain byte = iota
	compressed
)

// small is up to how many bytes an entry is not worth the time to compress it.
// A tenth of all entries is larger, and has three quarters of the bytes.
const small = 64 << 10

// pack puts the form before the data.
func pack(data []byte) []byte {
	if len(data) > small {
		var text bytes.Buffer
		text.WriteByte(compressed)
		w, err := flate.NewWriter(&text, flate.BestSpeed)
		if err == nil {
			_, err = w.Write(data)
		}
		if err == nil && w.Close() == nil {
			return text.Bytes()
		}
	}
	return append([]byte{plain}, data...)
}

func unpack(text []byte) ([]byte, error) {
	switch form, rest := text[0], text[1:]; form {
	case plain:
		return rest, nil
	case compressed:
		return io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(rest)), most))
	}
	return nil, errors.New("unknown form")
}
