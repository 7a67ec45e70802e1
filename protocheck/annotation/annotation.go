// Package annotation reads the options of google.api and of validators that
// say what a field or a message is for. Those of methods: package describe.
//
// It reads them by number from the encoded options, so that it makes no
// difference whether an option is a generated Go type, a dynamic message or
// a field that nobody knows: compilers, plugins and descriptor sets each
// have their own. What cannot be read counts as absent; [Resolved] tells
// whether that is certain.
package annotation

import (
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Numbers of extensions, from google/api/*.proto.
const (
	fieldBehavior     protowire.Number = 1052      // field_behavior.proto
	resource          protowire.Number = 1053      // resource.proto
	resourceReference protowire.Number = 1055      // resource.proto
	fieldInfo         protowire.Number = 291403980 // field_info.proto
	bufValidate       protowire.Number = 1159      // buf/validate/validate.proto
	pgvValidate       protowire.Number = 1071      // validate/validate.proto of protoc-gen-validate
)

// uninterpreted is the field of descriptor.proto for an option whose
// definition the compiler lacks.
const uninterpreted protowire.Number = 999

// Resolved reports whether the declaration has no option that its compiler
// could not resolve.
func Resolved(d protoreflect.Descriptor) bool {
	resolved := true
	each(encode(d), func(number protowire.Number, _ protowire.Type, _ []byte) {
		if number == uninterpreted {
			resolved = false
		}
	})
	return resolved
}

// encode returns the declaration's options as they are sent over the wire.
func encode(d protoreflect.Descriptor) []byte {
	if !d.Options().ProtoReflect().IsValid() {
		return nil // most have none
	}
	encoded, err := proto.MarshalOptions{AllowPartial: true}.Marshal(d.Options())
	if err != nil {
		return nil
	}
	return encoded
}

// each calls f for every field of an encoded message, with the bytes of
// length-delimited fields without their length. It stops at bytes that are
// no message.
func each(message []byte, f func(protowire.Number, protowire.Type, []byte)) {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return
		}
		message = message[n:]
		n = protowire.ConsumeFieldValue(number, kind, message)
		if n < 0 {
			return
		}
		value := message[:n]
		if kind == protowire.BytesType {
			value, _ = protowire.ConsumeBytes(value)
		}
		f(number, kind, value)
		message = message[n:]
	}
}

// varints returns the values of an enum or integer field, packed or not.
func varints(kind protowire.Type, value []byte) []uint64 {
	switch kind {
	case protowire.VarintType, protowire.BytesType:
	default:
		return nil
	}
	var values []uint64
	for len(value) > 0 {
		v, n := protowire.ConsumeVarint(value)
		if n < 0 {
			return values
		}
		values, value = append(values, v), value[n:]
	}
	return values
}
