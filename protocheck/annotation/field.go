package annotation

import (
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck/method"
)

// BehaviorOf returns a field's google.api.field_behavior (AIP-203).
func BehaviorOf(field protoreflect.FieldDescriptor) method.Behavior {
	var behavior method.Behavior
	each(encode(field), func(number protowire.Number, kind protowire.Type, value []byte) {
		if number != fieldBehavior {
			return
		}
		for _, v := range varints(kind, value) {
			behavior |= 1 << min(v, 15)
		}
	})
	return behavior
}

// A Format is a value of google.api.FieldInfo.Format (AIP-202).
type Format uint64

// UUID4 is the format of RFC 4122.
const UUID4 Format = 1

// FormatOf returns a field's format, zero if it has none.
func FormatOf(field protoreflect.FieldDescriptor) Format {
	var format Format
	each(encode(field), func(number protowire.Number, kind protowire.Type, value []byte) {
		if number != fieldInfo || kind != protowire.BytesType {
			return
		}
		each(value, func(number protowire.Number, kind protowire.Type, value []byte) {
			if number != 1 {
				return
			}
			for _, v := range varints(kind, value) {
				format = Format(v)
			}
		})
	})
	return format
}

// ValidatesForm reports whether a validator asks for more of a string than
// that it is there: a UUID, a pattern, a length. Both validators number these
// rules alike.
func ValidatesForm(field protoreflect.FieldDescriptor) bool {
	const (
		strings   = 14 // the rules of a string, among those of a field
		minLength = 2  // which, alone, says that it is there
		minBytes  = 4
	)
	says := false
	each(encode(field), func(number protowire.Number, kind protowire.Type, value []byte) {
		if number != bufValidate && number != pgvValidate || kind != protowire.BytesType {
			return
		}
		each(value, func(number protowire.Number, kind protowire.Type, value []byte) {
			if number != strings || kind != protowire.BytesType {
				return
			}
			each(value, func(number protowire.Number, _ protowire.Type, _ []byte) {
				says = says || number != minLength && number != minBytes
			})
		})
	})
	return says
}

// IsReference reports whether the field holds the name of another resource,
// by google.api.resource_reference (AIP-122).
func IsReference(field protoreflect.FieldDescriptor) bool {
	is := false
	each(encode(field), func(number protowire.Number, _ protowire.Type, _ []byte) {
		is = is || number == resourceReference
	})
	return is
}
