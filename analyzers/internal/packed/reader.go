package packed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
)

var errBroken = errors.New("packed: not what was written")

// A reader takes from data what a writer has written.
type reader struct {
	data  []byte
	known []string
	err   error
}

func (r *reader) value(v reflect.Value) {
	if r.err != nil {
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(r.uint() != 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, size := binary.Varint(r.data)
		r.number(size)
		if v.OverflowInt(n) {
			r.err = errBroken
			return
		}
		v.SetInt(n)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n := r.uint()
		if v.OverflowUint(n) {
			r.err = errBroken
			return
		}
		v.SetUint(n)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(math.Float64frombits(r.uint()))
	case reflect.String:
		v.SetString(r.string())
	case reflect.Slice:
		n := r.uint()
		if n > uint64(len(r.data)) {
			r.err = errBroken // an element takes up a byte at least
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), int(n), int(n)))
		for i := range v.Len() {
			r.value(v.Index(i))
		}
	case reflect.Pointer:
		if r.uint() != 0 && r.err == nil {
			v.Set(reflect.New(v.Type().Elem()))
			r.value(v.Elem())
		}
	case reflect.Struct:
		r.fields(v)
	default:
		r.err = fmt.Errorf("packed: no encoding for %s", v.Type())
	}
}

func (r *reader) fields(v reflect.Value) {
	bits := r.take(bitmap(v))
	for i := 0; i < v.NumField() && r.err == nil; i++ {
		if bits[i/8]&(1<<(i%8)) == 0 {
			continue
		}
		field := v.Field(i)
		if !field.CanSet() {
			r.err = errBroken
			return
		}
		if field.Kind() == reflect.Bool {
			field.SetBool(true)
			continue
		}
		r.value(field)
	}
}

func (r *reader) string() string {
	place := r.uint()
	if place > uint64(len(r.known)) {
		r.err = errBroken
	}
	if r.err != nil {
		return ""
	}
	if place > 0 {
		return r.known[place-1]
	}
	n := r.uint()
	if n > uint64(len(r.data)) {
		r.err = errBroken
		return ""
	}
	s := string(r.take(int(n)))
	r.known = append(r.known, s)
	return s
}

func (r *reader) uint() uint64 {
	n, size := binary.Uvarint(r.data)
	r.number(size)
	return n
}

// number takes the bytes of a number that has been read.
func (r *reader) number(size int) {
	if size <= 0 {
		r.err = errBroken
	}
	r.take(size)
}

// take returns the next bytes.
func (r *reader) take(n int) []byte {
	if r.err == nil && n > len(r.data) {
		r.err = errBroken
	}
	if r.err != nil {
		return nil
	}
	taken := r.data[:n]
	r.data = r.data[n:]
	return taken
}
