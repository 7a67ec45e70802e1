package describe_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/protocheck/method/describe"
	"github.com/grpclint/grpclint/protocheck/method/rawdesc"
)

// FuzzMethod: of a descriptor that protobuf's run time accepts, as generators
// embed it, the same is read from the bytes as the run time tells. Of any
// other bytes something may be read, in bounded time.
func FuzzMethod(f *testing.F) {
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
		Accessor: protocompile.SourceAccessorFromMap(sources),
	})}
	compiled, err := compiler.Compile(context.Background(), "orders.proto", "legacy.proto")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range compiled {
		b, err := proto.Marshal(protodesc.ToFileDescriptorProto(file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		_ = new(rawdesc.Files).Add(b)
		p := new(descriptorpb.FileDescriptorProto)
		if err := (proto.UnmarshalOptions{Resolver: new(protoregistry.Types)}).Unmarshal(b, p); err != nil || !isCompiled(p) {
			return
		}
		forget(p.ProtoReflect())
		linked, err := protodesc.FileOptions{AllowUnresolvable: true}.New(p, new(protoregistry.Files))
		if err != nil {
			return
		}
		embedded, err := proto.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		files := new(rawdesc.Files)
		if err := files.Add(embedded); err != nil {
			t.Fatal(err)
		}
		files.Required()
		for i := range linked.Services().Len() {
			methods := linked.Services().Get(i).Methods()
			for j := range methods.Len() {
				compare(t, files, methods.Get(j))
			}
		}
	})
}

func compare(t *testing.T, files *rawdesc.Files, m protoreflect.MethodDescriptor) {
	t.Helper()
	want := describe.Method(m)
	if want.Request != nil {
		want.Request.Partial = false // which only a run time knows
	}
	got, request, err := files.Method(want.FullName())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("raw, %s is\n%+v\nwant\n%+v", want.FullName(), got, want)
	}
	if request != string(m.Input().FullName()) {
		t.Errorf("request of %s is %s", want.FullName(), request)
	}
	method.Classify(got, method.Options{})
}

// forget drops the fields that protobuf does not know, which no generator
// embeds, but for those of options.
func forget(m protoreflect.Message) {
	if strings.HasSuffix(string(m.Descriptor().Name()), "Options") {
		return
	}
	m.SetUnknown(nil)
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Message() == nil:
		case f.IsList():
			for i := range v.List().Len() {
				forget(v.List().Get(i).Message())
			}
		default:
			forget(v.Message())
		}
		return true
	})
}

// isCompiled reports whether a descriptor is one that compilers make: before
// editions, with the type of every field and with full names.
func isCompiled(p *descriptorpb.FileDescriptorProto) bool {
	if p.GetSyntax() != "" && p.GetSyntax() != "proto2" && p.GetSyntax() != "proto3" {
		return false
	}
	for _, s := range p.GetService() {
		for _, m := range s.GetMethod() {
			if !strings.HasPrefix(m.GetInputType(), ".") {
				return false
			}
		}
	}
	return areCompiled(p.GetMessageType())
}

func areCompiled(messages []*descriptorpb.DescriptorProto) bool {
	for _, m := range messages {
		for _, f := range m.GetField() {
			if f.Type == nil || f.TypeName != nil && !strings.HasPrefix(f.GetTypeName(), ".") {
				return false
			}
		}
		if !areCompiled(m.GetNestedType()) {
			return false
		}
	}
	return true
}
