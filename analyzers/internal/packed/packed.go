// Package packed makes facts small. Build systems keep the facts of every
// package and send them from machine to machine, and what facts say repeats
// itself: names of types and methods, codes, places.
//
// Unlike gob's, its encoding does not describe the types: whoever reads a fact
// is the program that wrote it. A field that is zero costs a bit, and a string
// that was there before a byte.
package packed

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"reflect"
)

// The first byte says how what follows is packed.
const (
	plain    = 0
	deflated = 1
	nothing  = 2 // the zero value, which most packages have to tell
)

// worthwhile is the size from which compressing is worth its time.
const worthwhile = 512

// Encode encodes what v points to, for a fact's GobEncode. Slices without
// elements become nil; fields that are not exported are left out.
func Encode(v any) ([]byte, error) {
	value := reflect.ValueOf(v).Elem()
	if isZero(value) {
		return []byte{nothing}, nil
	}
	w := &writer{data: []byte{plain}, known: make(map[string]uint64)}
	w.value(value)
	if w.err != nil || len(w.data) < worthwhile {
		return w.data, w.err
	}
	var small bytes.Buffer
	small.WriteByte(deflated)
	deflate, err := flate.NewWriter(&small, flate.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err := deflate.Write(w.data[1:]); err != nil {
		return nil, err
	}
	if err := deflate.Close(); err != nil {
		return nil, err
	}
	if small.Len() >= len(w.data) {
		return w.data, nil
	}
	return small.Bytes(), nil
}

// Same reports whether what two values of a type point to is encoded the same.
func Same(a, b any) bool {
	x := &writer{known: make(map[string]uint64)}
	x.value(reflect.ValueOf(a).Elem())
	y := &writer{known: make(map[string]uint64)}
	y.value(reflect.ValueOf(b).Elem())
	return x.err == nil && y.err == nil && bytes.Equal(x.data, y.data)
}

// Decode decodes what Encode has encoded.
func Decode(data []byte, v any) error {
	if len(data) == 0 {
		return errors.New("packed: no data")
	}
	value := reflect.ValueOf(v).Elem()
	value.SetZero()
	kind, data := data[0], data[1:]
	switch kind {
	case nothing:
		if len(data) > 0 {
			return errBroken
		}
		return nil
	case deflated:
		var err error
		source := bytes.NewReader(data)
		if data, err = io.ReadAll(flate.NewReader(source)); err != nil {
			return err
		}
		if source.Len() > 0 {
			return errBroken
		}
	case plain:
	default:
		return errBroken
	}
	r := &reader{data: data}
	r.value(value)
	if r.err == nil && len(r.data) > 0 {
		return errBroken
	}
	return r.err
}

// IsZero reports whether there is nothing in what v points to that Encode would
// encode.
func IsZero(v any) bool { return isZero(reflect.ValueOf(v).Elem()) }

// isZero reports whether there is nothing of a value to tell.
func isZero(v reflect.Value) bool {
	if !v.CanInterface() {
		return true // a field that is not exported
	}
	switch v.Kind() {
	case reflect.Slice:
		return v.Len() == 0
	case reflect.Struct:
		for i := range v.NumField() {
			if !isZero(v.Field(i)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}
