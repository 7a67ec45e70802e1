package packed

import (
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
)

// A writer appends values to data.
//
// A struct is a bit for each field, set if it is not zero, and behind the bits
// the fields that are not. Numbers are varints, slices their length and their
// elements, pointers a byte for nil or not and what they point to. A string is
// its place among those before it, counted from 1, or 0, its length and its
// bytes.
type writer struct {
	data  []byte
	known map[string]uint64
	err   error
}

func (w *writer) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		w.uint(boolean(v.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.data = binary.AppendVarint(w.data, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		w.uint(v.Uint())
	case reflect.Float32, reflect.Float64:
		w.uint(math.Float64bits(v.Float()))
	case reflect.String:
		w.string(v.String())
	case reflect.Slice:
		w.uint(uint64(v.Len()))
		for i := range v.Len() {
			w.value(v.Index(i))
		}
	case reflect.Pointer:
		w.uint(boolean(!v.IsNil()))
		if !v.IsNil() {
			w.value(v.Elem())
		}
	case reflect.Struct:
		w.fields(v)
	default:
		w.err = fmt.Errorf("packed: no encoding for %s", v.Type())
	}
}

func (w *writer) fields(v reflect.Value) {
	bits := len(w.data)
	w.data = append(w.data, make([]byte, bitmap(v))...)
	for i := range v.NumField() {
		field := v.Field(i)
		if isZero(field) {
			continue
		}
		w.data[bits+i/8] |= 1 << (i % 8)
		if field.Kind() != reflect.Bool {
			w.value(field)
		}
	}
}

// bitmap returns how many bytes hold a bit for each field. A struct without
// fields has one, so that every element of a slice takes up some.
func bitmap(v reflect.Value) int { return max(1, (v.NumField()+7)/8) }

func (w *writer) string(s string) {
	if place, ok := w.known[s]; ok {
		w.uint(place)
		return
	}
	w.known[s] = uint64(len(w.known) + 1)
	w.uint(0)
	w.uint(uint64(len(s)))
	w.data = append(w.data, s...)
}

func (w *writer) uint(n uint64) { w.data = binary.AppendUvarint(w.data, n) }

func boolean(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}
