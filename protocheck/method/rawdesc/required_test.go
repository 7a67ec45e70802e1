package rawdesc_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/grpclint/grpclint/protocheck/method/rawdesc"
)

// bytesField and number write a field of options that nobody here has the
// definitions of.
func bytesField(num protowire.Number, content ...[]byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, num, protowire.BytesType), slices.Concat(content...))
}

func number(num protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, num, protowire.VarintType), v)
}

func TestRequired(t *testing.T) {
	field := func(name string, options ...[]byte) *descriptorpb.FieldDescriptorProto {
		f := &descriptorpb.FieldDescriptorProto{Name: &name, Options: new(descriptorpb.FieldOptions)}
		f.Options.ProtoReflect().SetUnknown(slices.Concat(options...))
		return f
	}
	member := func(oneof int32, name string) *descriptorpb.FieldDescriptorProto {
		f := field(name)
		f.OneofIndex = &oneof
		return f
	}
	oneof := func(name string, options ...[]byte) *descriptorpb.OneofDescriptorProto {
		o := &descriptorpb.OneofDescriptorProto{Name: &name, Options: new(descriptorpb.OneofOptions)}
		o.Options.ProtoReflect().SetUnknown(slices.Concat(options...))
		return o
	}
	rules := new(descriptorpb.MessageOptions)
	rules.ProtoReflect().SetUnknown(bytesField(1159, bytesField(3, bytesField(3, []byte("has(this.by_expression) && this.in_it2 > 1")))))
	file := &descriptorpb.FileDescriptorProto{
		Name: proto.String("a.proto"), Package: proto.String("a"),
		MessageType: []*descriptorpb.DescriptorProto{{
			Name: proto.String("Outer"), Options: rules,
			Field: []*descriptorpb.FieldDescriptorProto{
				field("plain"), field("ruled", bytesField(1159, number(26, 1))),
				field("required", bytesField(1159, number(25, 1))),
				field("in_parts", bytesField(1159, number(26, 1)), bytesField(1159, number(25, 1))),
				field("ignored", bytesField(1159, number(25, 1), number(27, 3))),
				field("pgv", bytesField(1071, bytesField(17, number(2, 1)))),
				field("pgv_skipped", bytesField(1071, bytesField(17, number(1, 1)))),
				field("pgv_timestamp", bytesField(1071, bytesField(22, number(1, 1)))),
				field("by_expression"), field("by"), field("in_it"),
				member(0, "sole"), member(1, "first"), member(1, "second"), member(2, "optional"),
			},
			OneofDecl: []*descriptorpb.OneofDescriptorProto{
				oneof("a", bytesField(1159, number(1, 1))), oneof("b", number(1071, 1)), oneof("c"),
			},
			NestedType: []*descriptorpb.DescriptorProto{{
				Name: proto.String("Inner"), Field: []*descriptorpb.FieldDescriptorProto{field("x", bytesField(1159, number(25, 1)))},
			}},
		}},
	}
	raw, err := proto.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	files := new(rawdesc.Files)
	if err := files.Add(raw); err != nil {
		t.Fatal(err)
	}
	got, validated := files.Required()
	want := []string{
		"Outer.Inner.x", "Outer.by_expression", "Outer.in_parts", "Outer.pgv", "Outer.pgv_timestamp", "Outer.required", "Outer.sole",
	}
	if !slices.Equal(got, want) || !validated {
		t.Errorf("%q, %t; want %q", got, validated, want)
	}
	if got, validated := new(rawdesc.Files).Required(); got != nil || validated {
		t.Error(got, validated)
	}
}
