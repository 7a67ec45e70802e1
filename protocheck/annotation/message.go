package annotation

import (
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// A Resource is what google.api.resource says of a message (AIP-123).
type Resource struct {
	Type string // "library.googleapis.com/Book"
	// Declarative resources are managed by tools that repeat what they do
	// until it holds (AIP-128).
	Declarative bool
}

// ResourceOf returns the message's resource. ok is false if the message is
// none.
func ResourceOf(message protoreflect.MessageDescriptor) (r Resource, ok bool) {
	each(encode(message), func(number protowire.Number, kind protowire.Type, value []byte) {
		if number != resource || kind != protowire.BytesType {
			return
		}
		ok = true
		each(value, func(number protowire.Number, kind protowire.Type, value []byte) {
			switch {
			case number == 1 && kind == protowire.BytesType:
				r.Type = string(value)
			case number == 10 && slices.Contains(varints(kind, value), 1): // style: DECLARATIVE_FRIENDLY
				r.Declarative = true
			}
		})
	})
	return r, ok
}

// IsResource reports whether the message has google.api.resource.
func IsResource(message protoreflect.MessageDescriptor) bool {
	_, ok := ResourceOf(message)
	return ok
}
