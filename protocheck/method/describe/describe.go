// Package describe describes methods from protobuf descriptors, whoever made
// them: a compiler, a plug-in's host or generated code.
package describe

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/protocheck/method/rawdesc"
)

// Method describes a method. Its Declared is empty: comments are with the
// source.
func Method(m protoreflect.MethodDescriptor) method.Description {
	d := method.Description{
		Service:         string(m.Parent().FullName()),
		Method:          string(m.Name()),
		ClientStreaming: m.IsStreamingClient(),
		ServerStreaming: m.IsStreamingServer(),
		Request:         Message(m.Input()),
	}
	_ = rawdesc.MethodOptions(options(m), &d) // options that were just serialized can be read
	return d
}

// Message describes a message and those in its fields, or nil if it is a
// placeholder for one whose file was not found.
func Message(m protoreflect.MessageDescriptor) *method.Message {
	return message(m, true)
}

func message(m protoreflect.MessageDescriptor, deep bool) *method.Message {
	if m == nil || m.IsPlaceholder() {
		return nil
	}
	described := &method.Message{Name: string(m.FullName())}
	described.Resource, _ = rawdesc.IsResource(options(m))
	for i := range m.Fields().Len() {
		f := m.Fields().Get(i)
		field := method.Field{
			Name:     string(f.Name()),
			Kind:     rawdesc.KindOf(int(f.Kind())),
			Repeated: f.Cardinality() == protoreflect.Repeated,
			Required: f.Cardinality() == protoreflect.Required,
		}
		if oneof := f.ContainingOneof(); oneof != nil && !oneof.IsSynthetic() {
			field.Oneof = string(oneof.Name())
		}
		_ = rawdesc.FieldOptions(options(f), &field)
		if deep && f.Message() != nil {
			field.Message = message(f.Message(), false)
			field.Mask = strings.TrimPrefix(string(f.Message().FullName()), "*.") == rawdesc.FieldMask
			if f.Message().IsPlaceholder() && !IsValue(f.Message()) {
				described.Partial = true
			}
		}
		described.Fields = append(described.Fields, field)
	}
	return described
}

// IsValue reports whether a message is one of the common values, such as
// google.type.Money, which identify nothing, be their files there or not.
func IsValue(m protoreflect.MessageDescriptor) bool {
	// A name that nobody resolved begins with a star, as its scope is unknown.
	parent := strings.TrimPrefix(string(m.FullName().Parent()), "*.")
	return parent == "google.type" || parent == "google.protobuf"
}

// options serializes the options of a descriptor. An extension that nobody
// has resolved, and one of a dynamic message, are then like any other.
func options(d protoreflect.Descriptor) []byte {
	raw, err := proto.MarshalOptions{AllowPartial: true}.Marshal(d.Options())
	if err != nil {
		return nil // an invalid string in an option: as if there were none
	}
	return raw
}
