// Package packed makes facts small. Build systems keep the facts of every
// package and send them from machine to machine, and what facts say repeats
// itself: names of types and methods, codes, places.
package packed

import (
	"bytes"
	"compress/flate"
	"encoding/gob"
	"errors"
	"reflect"
)

// The first byte says how what follows is packed.
const (
	plain    = 0
	deflated = 1
	nothing  = 2 // the zero value, which most packages have to tell
)

// worthwhile is the size from which compressing is worth its time.
const worthwhile = 1024

// Encode encodes what v points to, for a fact's GobEncode. The value must
// have no GobEncode itself.
func Encode(v any) ([]byte, error) {
	if reflect.ValueOf(v).Elem().IsZero() {
		return []byte{nothing}, nil // gob would describe its type all the same
	}
	var buf bytes.Buffer
	buf.WriteByte(plain)
	if err := gob.NewEncoder(&buf).Encode(v); err != nil {
		return nil, err
	}
	if buf.Len() < worthwhile {
		return buf.Bytes(), nil
	}
	var small bytes.Buffer
	small.WriteByte(deflated)
	w, err := flate.NewWriter(&small, flate.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(buf.Bytes()[1:]); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return small.Bytes(), nil
}

// Decode decodes what Encode has encoded.
func Decode(data []byte, v any) error {
	if len(data) == 0 {
		return errors.New("packed: no data")
	}
	switch data[0] {
	case nothing:
		if len(data) > 1 {
			break
		}
		reflect.ValueOf(v).Elem().SetZero()
		return nil
	case plain:
		return gob.NewDecoder(bytes.NewReader(data[1:])).Decode(v)
	case deflated:
		return gob.NewDecoder(flate.NewReader(bytes.NewReader(data[1:]))).Decode(v)
	}
	return errors.New("packed: unknown format")
}
