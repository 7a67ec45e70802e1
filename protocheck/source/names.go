package source

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// A typeNames makes the names of types full, as the compiler of protobuf
// finds them: from the innermost scope outward, passing over what is no type.
// So a field may have the name of its type,
//
//	repeated GCPolicy GCPolicy = 4;
//
// which who looks for any declaration of that name takes for the field.
type typeNames struct {
	local map[string]bool // full names of the file's messages and enums
	view  *view
}

// fullTypeNames makes the names of types in a file full, where they are of
// one word and the type is in sight. Others are left for the linker.
func (f *File) fullTypeNames() {
	n := &typeNames{local: make(map[string]bool), view: &view{f: f}}
	n.declare(f.pkg, f.proto.MessageType, f.proto.EnumType)
	n.messages(f.pkg, f.proto.MessageType)
	n.fields(f.pkg, f.proto.Extension)
	for _, s := range f.proto.Service {
		for _, m := range s.Method {
			n.resolve(join(f.pkg, s.GetName()), m.InputType)
			n.resolve(join(f.pkg, s.GetName()), m.OutputType)
		}
	}
}

func (n *typeNames) declare(scope string, messages []*descriptorpb.DescriptorProto, enums []*descriptorpb.EnumDescriptorProto) {
	for _, e := range enums {
		n.local[join(scope, e.GetName())] = true
	}
	for _, m := range messages {
		full := join(scope, m.GetName())
		n.local[full] = true
		n.declare(full, m.NestedType, m.EnumType)
	}
}

func (n *typeNames) messages(scope string, messages []*descriptorpb.DescriptorProto) {
	for _, m := range messages {
		full := join(scope, m.GetName())
		n.fields(full, m.Field)
		n.fields(full, m.Extension)
		n.messages(full, m.NestedType)
	}
}

func (n *typeNames) fields(scope string, fields []*descriptorpb.FieldDescriptorProto) {
	for _, f := range fields {
		n.resolve(scope, f.TypeName)
	}
}

// resolve makes the name full that is used in a scope.
func (n *typeNames) resolve(scope string, name *string) {
	if name == nil || *name == "" || strings.Contains(*name, ".") {
		return
	}
	for {
		full := join(scope, *name)
		if n.local[full] || n.imported(full) {
			*name = "." + full
			return
		}
		if scope == "" {
			return
		}
		scope = scope[:max(strings.LastIndexByte(scope, '.'), 0)]
	}
}

func (n *typeNames) imported(full string) bool {
	switch d, _ := n.view.FindDescriptorByName(protoreflect.FullName(full)); d.(type) {
	case protoreflect.MessageDescriptor, protoreflect.EnumDescriptor:
		return true
	}
	return false
}
