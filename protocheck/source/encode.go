package source

import (
	"math"

	"github.com/bufbuild/protocompile/ast"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// An encoder writes options as they are sent over the wire: whoever asks for
// one reads it from there, whether its type is known to the program or only
// to the files that were read.
type encoder struct {
	// extension finds an extension by its name as written in a scope.
	extension func(scope, name string) protoreflect.FieldDescriptor
}

// fields are encoded fields of one message.
type fields []field

type field struct {
	number protowire.Number
	single bool   // a message that can be there once
	inner  fields // of such a message
	raw    []byte // of all others: records with their tags
}

// bytes joins the fields. What several options say of one message is one.
func (fs fields) bytes() []byte {
	var all []byte
	done := make(map[protowire.Number]bool)
	for i, f := range fs {
		if !f.single {
			all = append(all, f.raw...)
			continue
		}
		if done[f.number] {
			continue
		}
		done[f.number] = true
		var inner fields
		for _, other := range fs[i:] {
			if other.single && other.number == f.number {
				inner = append(inner, other.inner...)
			}
		}
		all = protowire.AppendTag(all, f.number, protowire.BytesType)
		all = protowire.AppendBytes(all, inner.bytes())
	}
	return all
}

// option encodes one option of a message, by its name's parts.
func (e *encoder) option(to fields, in protoreflect.MessageDescriptor, scope string, name []namePart, v value) (fields, bool) {
	fd := e.find(in, scope, name[0])
	if fd == nil {
		return to, false
	}
	isSingle := fd.Message() != nil && fd.Kind() == protoreflect.MessageKind && !fd.IsList() && !fd.IsMap()
	if len(name) > 1 {
		if !isSingle {
			return to, false
		}
		inner, ok := e.option(nil, fd.Message(), scope, name[1:], v)
		if !ok {
			return to, false
		}
		return append(to, field{number: fd.Number(), single: true, inner: inner}), true
	}
	if isSingle {
		message, ok := v.([]valueField)
		if !ok {
			return to, false
		}
		raw, ok := e.message(nil, fd.Message(), message)
		return append(to, field{number: fd.Number(), single: true, inner: fields{{raw: raw}}}), ok
	}
	if fd.IsPacked() { // protoc does not pack what is set one by one
		raw, ok := scalar(protowire.AppendTag(nil, fd.Number(), wireType(fd.Kind())), fd, v)
		return append(to, field{number: fd.Number(), raw: raw}), ok
	}
	raw, ok := e.field(nil, fd, v)
	return append(to, field{number: fd.Number(), raw: raw}), ok
}

func (e *encoder) find(in protoreflect.MessageDescriptor, scope string, part namePart) protoreflect.FieldDescriptor {
	if in.IsPlaceholder() {
		return nil
	}
	if !part.extension {
		return in.Fields().ByName(protoreflect.Name(part.name))
	}
	fd := e.extension(scope, part.name)
	if fd == nil || fd.ContainingMessage().FullName() != in.FullName() {
		return nil
	}
	return fd
}

func (e *encoder) message(to []byte, in protoreflect.MessageDescriptor, message []valueField) ([]byte, bool) {
	for _, f := range message {
		fd := e.find(in, "", namePart{f.name, f.extension})
		if fd == nil && !f.extension && !in.IsPlaceholder() {
			fd = groupOf(in, f.name)
		}
		if fd == nil {
			return to, false
		}
		var ok bool
		if to, ok = e.field(to, fd, f.value); !ok {
			return to, false
		}
	}
	return to, true
}

// groupOf finds a group's field: text names it as its type.
func groupOf(in protoreflect.MessageDescriptor, name string) protoreflect.FieldDescriptor {
	for i := range in.Fields().Len() {
		fd := in.Fields().Get(i)
		if fd.Kind() == protoreflect.GroupKind && fd.Message() != nil && string(fd.Message().Name()) == name {
			return fd
		}
	}
	return nil
}

// field encodes a field with its tag.
func (e *encoder) field(to []byte, fd protoreflect.FieldDescriptor, v value) ([]byte, bool) {
	if fd.IsPacked() {
		return e.packed(to, fd, v)
	}
	if list, ok := v.([]value); ok {
		if !fd.IsList() && !fd.IsMap() {
			return to, false
		}
		for _, item := range list {
			if to, ok = e.field(to, fd, item); !ok {
				return to, false
			}
		}
		return to, true
	}
	switch fd.Kind() {
	case protoreflect.MessageKind, protoreflect.GroupKind:
		message, ok := v.([]valueField)
		if !ok {
			return to, false
		}
		payload, ok := e.message(nil, fd.Message(), message)
		if !ok {
			return to, false
		}
		if fd.Kind() == protoreflect.GroupKind {
			to = protowire.AppendTag(to, fd.Number(), protowire.StartGroupType)
			return protowire.AppendGroup(to, fd.Number(), payload), true
		}
		to = protowire.AppendTag(to, fd.Number(), protowire.BytesType)
		return protowire.AppendBytes(to, payload), true
	case protoreflect.StringKind, protoreflect.BytesKind:
		s, ok := v.(string)
		if !ok {
			return to, false
		}
		to = protowire.AppendTag(to, fd.Number(), protowire.BytesType)
		return protowire.AppendString(to, s), true
	}
	to = protowire.AppendTag(to, fd.Number(), wireType(fd.Kind()))
	return scalar(to, fd, v)
}

// packed encodes the values of a field in one record.
func (e *encoder) packed(to []byte, fd protoreflect.FieldDescriptor, v value) ([]byte, bool) {
	list, ok := v.([]value)
	if !ok {
		list = []value{v}
	}
	var payload []byte
	for _, item := range list {
		if payload, ok = scalar(payload, fd, item); !ok {
			return to, false
		}
	}
	to = protowire.AppendTag(to, fd.Number(), protowire.BytesType)
	return protowire.AppendBytes(to, payload), true
}

func wireType(kind protoreflect.Kind) protowire.Type {
	switch kind {
	case protoreflect.FloatKind, protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind:
		return protowire.Fixed32Type
	case protoreflect.DoubleKind, protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind:
		return protowire.Fixed64Type
	}
	return protowire.VarintType
}

// scalar encodes a number, a bool or an enum without a tag.
func scalar(to []byte, fd protoreflect.FieldDescriptor, v value) ([]byte, bool) {
	switch fd.Kind() {
	case protoreflect.FloatKind:
		x, ok := number(v)
		return protowire.AppendFixed32(to, math.Float32bits(float32(x))), ok
	case protoreflect.DoubleKind:
		x, ok := number(v)
		return protowire.AppendFixed64(to, math.Float64bits(x)), ok
	case protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind:
		x, ok := integer(v)
		return protowire.AppendFixed32(to, uint32(x)), ok
	case protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind:
		x, ok := integer(v)
		return protowire.AppendFixed64(to, x), ok
	}
	x, ok := varint(fd, v)
	return protowire.AppendVarint(to, x), ok
}

func varint(fd protoreflect.FieldDescriptor, v value) (uint64, bool) {
	name, isName := v.(ast.Identifier)
	switch fd.Kind() {
	case protoreflect.BoolKind:
		switch name {
		case "true", "True", "t":
			return 1, true
		case "false", "False", "f":
			return 0, true
		}
		x, ok := integer(v)
		return x, ok && x <= 1
	case protoreflect.EnumKind:
		if !isName {
			return integer(v)
		}
		if fd.Enum() == nil || fd.Enum().IsPlaceholder() {
			return 0, false
		}
		ev := fd.Enum().Values().ByName(protoreflect.Name(name))
		if ev == nil {
			return 0, false
		}
		return uint64(ev.Number()), true
	case protoreflect.Sint32Kind, protoreflect.Sint64Kind:
		x, ok := integer(v)
		return protowire.EncodeZigZag(int64(x)), ok
	case protoreflect.Int32Kind, protoreflect.Int64Kind, protoreflect.Uint32Kind, protoreflect.Uint64Kind:
		return integer(v)
	}
	return 0, false // of a type that was not found
}

func integer(v value) (uint64, bool) {
	switch v := v.(type) {
	case uint64:
		return v, true
	case int64:
		return uint64(v), true
	}
	return 0, false
}

func number(v value) (float64, bool) {
	switch v := v.(type) {
	case uint64:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case ast.Identifier:
		switch v {
		case "inf":
			return math.Inf(1), true
		case "nan":
			return math.NaN(), true
		}
	}
	return 0, false
}
