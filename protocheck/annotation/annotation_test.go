package annotation_test

import (
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/grpclint/grpclint/protocheck/annotation"
	"github.com/grpclint/grpclint/protocheck/method"
)

// message returns the message of a file of one field, with these options.
func message(t *testing.T, field *descriptorpb.FieldOptions, of *descriptorpb.MessageOptions) protoreflect.MessageDescriptor {
	t.Helper()
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("a.proto"), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{{
			Name: proto.String("M"), Options: of,
			Field: []*descriptorpb.FieldDescriptorProto{{
				Name: proto.String("f"), Number: proto.Int32(1), Options: field,
				Type: descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum(), Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
			}},
		}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return file.Messages().Get(0)
}

// encoded returns options in which nobody knows the extensions.
func encoded[M proto.Message](t *testing.T, options M, raw ...byte) M {
	t.Helper()
	if err := proto.Unmarshal(raw, options); err != nil {
		t.Fatal(err)
	}
	return options
}

func varint(number protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, number, protowire.VarintType), v)
}

func bytes(number protowire.Number, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), v)
}

func TestUnknownFields(t *testing.T) {
	field := append(varint(1052, 2), bytes(1052, []byte{3, 5})...) // one alone, two packed
	field = append(field, bytes(291403980, varint(1, 1))...)
	field = append(field, bytes(1055, bytes(1, []byte("x/Order")))...)
	m := message(t,
		encoded(t, &descriptorpb.FieldOptions{}, field...),
		encoded(t, &descriptorpb.MessageOptions{}, bytes(1053, append(bytes(1, []byte("x/Order")), varint(10, 1)...))...))
	f := m.Fields().Get(0)
	if got, want := annotation.BehaviorOf(f), method.Required|method.OutputOnly|method.Immutable; got != want {
		t.Errorf("behavior %b, want %b", got, want)
	}
	if annotation.FormatOf(f) != annotation.UUID4 || !annotation.IsReference(f) || !annotation.Resolved(f) {
		t.Errorf("format %d, reference %v, resolved %v", annotation.FormatOf(f), annotation.IsReference(f), annotation.Resolved(f))
	}
	r, ok := annotation.ResourceOf(m)
	if want := (annotation.Resource{Type: "x/Order", Declarative: true}); !ok || r != want || !annotation.IsResource(m) {
		t.Errorf("resource %+v, %v", r, ok)
	}
}

// An extension that is known, as the dynamic message of some compiler, is
// read no differently.
func TestDynamicExtension(t *testing.T) {
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("google/api/field_behavior.proto"), Package: proto.String("google.api"), Dependency: []string{"google/protobuf/descriptor.proto"},
		Extension: []*descriptorpb.FieldDescriptorProto{{
			Name: proto.String("field_behavior"), Number: proto.Int32(1052), Extendee: proto.String(".google.protobuf.FieldOptions"),
			Type: descriptorpb.FieldDescriptorProto_TYPE_INT32.Enum(), Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
		}},
	}, files{})
	if err != nil {
		t.Fatal(err)
	}
	options := &descriptorpb.FieldOptions{}
	proto.SetExtension(options, dynamicpb.NewExtensionType(file.Extensions().Get(0)), int32(3))
	if got := annotation.BehaviorOf(message(t, options, nil).Fields().Get(0)); got != method.OutputOnly {
		t.Errorf("behavior %b", got)
	}
}

type files struct{ protodesc.Resolver }

func (files) FindFileByPath(string) (protoreflect.FileDescriptor, error) {
	return descriptorpb.File_google_protobuf_descriptor_proto, nil
}

func (files) FindDescriptorByName(protoreflect.FullName) (protoreflect.Descriptor, error) {
	return (*descriptorpb.FieldOptions)(nil).ProtoReflect().Descriptor(), nil
}

func TestAbsentAndBroken(t *testing.T) {
	unresolved := &descriptorpb.FieldOptions{UninterpretedOption: []*descriptorpb.UninterpretedOption{{
		Name: []*descriptorpb.UninterpretedOption_NamePart{{NamePart: proto.String("a.b"), IsExtension: proto.Bool(true)}},
	}}}
	for name, options := range map[string]*descriptorpb.FieldOptions{
		"none":       nil,
		"empty":      {},
		"unresolved": unresolved,
		"wrong type": encoded(t, &descriptorpb.FieldOptions{}, append(bytes(1052, []byte{0xff}), varint(291403980, 7)...)...),
		"large":      encoded(t, &descriptorpb.FieldOptions{}, append(varint(1052, 1<<40), bytes(291403980, []byte{0xff, 0xff})...)...),
	} {
		m := message(t, options, nil)
		f := m.Fields().Get(0)
		if annotation.BehaviorOf(f).Has(method.Required|method.OutputOnly) || annotation.FormatOf(f) != 0 || annotation.IsReference(f) || annotation.IsResource(m) {
			t.Errorf("%s: something is read", name)
		}
		if got := annotation.Resolved(f); got != (name != "unresolved") {
			t.Errorf("%s: resolved %v", name, got)
		}
	}
}
