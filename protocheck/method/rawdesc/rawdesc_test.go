package rawdesc_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/protocheck/method/rawdesc"
)

func sample(t testing.TB) []byte {
	t.Helper()
	b, err := proto.Marshal(&descriptorpb.FileDescriptorProto{
		Name: proto.String("a.proto"), Package: proto.String("a"),
		MessageType: []*descriptorpb.DescriptorProto{{
			Name:       proto.String("R"),
			NestedType: []*descriptorpb.DescriptorProto{{Name: proto.String("N")}},
			OneofDecl:  []*descriptorpb.OneofDescriptorProto{{Name: proto.String("o")}},
			Field: []*descriptorpb.FieldDescriptorProto{
				{Name: proto.String("n"), Type: descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), TypeName: proto.String(".a.R.N"), OneofIndex: proto.Int32(0)},
				{Name: proto.String("r"), Type: descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), TypeName: proto.String(".a.R")},
			},
		}},
		Service: []*descriptorpb.ServiceDescriptorProto{{Name: proto.String("S"), Method: []*descriptorpb.MethodDescriptorProto{{
			Name: proto.String("M"), InputType: proto.String(".a.R"), OutputType: proto.String(".a.R"),
			Options: &descriptorpb.MethodOptions{IdempotencyLevel: descriptorpb.MethodOptions_IDEMPOTENT.Enum()},
		}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What is broken is an error or tells less; it never panics, and it ends.
func FuzzFiles(f *testing.F) {
	raw := sample(f)
	f.Add(raw)
	f.Add(zip(f, raw))
	for i := range raw {
		f.Add(raw[:i])
	}
	f.Fuzz(func(_ *testing.T, b []byte) {
		files := new(rawdesc.Files)
		_ = files.Add(b)
		files.Required()
		for _, name := range []string{"a.S/M", "S/M", "", "/"} {
			d, _, err := files.Method(name)
			if err == nil {
				method.Classify(d, method.Options{})
			}
		}
	})
}

func TestBroken(t *testing.T) {
	raw := sample(t)
	files := new(rawdesc.Files)
	if err := files.Add(raw); err != nil {
		t.Fatal(err)
	}
	d, request, err := files.Method("a.S/M")
	if err != nil || request != "a.R" || d.Level != method.Idempotent || d.Request.Field("n").Oneof != "o" || d.Request.Field("n").Message.Name != "a.R.N" {
		t.Errorf("%+v, %s, %v", d, request, err)
	}
	if err := new(rawdesc.Files).Add(raw[:len(raw)-1]); err == nil {
		t.Error("what ends too early is no error")
	}
	if _, _, err := files.Method("a.S/N"); err == nil {
		t.Error("a method that is not there is no error")
	}
}

// A name of a million parts, which nothing has, is looked up once and not once
// for each of them.
func TestNested(t *testing.T) {
	raw := sample(t)
	deep := strings.Repeat(".a", 1<<20)
	for request, want := range map[string]string{".a.R.N": "a.R.N", ".a.R": "a.R", ".a.R.N.O": "", ".a.S": "", ".R": "", deep: ""} {
		file := new(descriptorpb.FileDescriptorProto)
		if err := proto.Unmarshal(raw, file); err != nil {
			t.Fatal(err)
		}
		file.Service[0].Method[0].InputType = &request
		b, err := proto.Marshal(file)
		if err != nil {
			t.Fatal(err)
		}
		files := new(rawdesc.Files)
		if err := files.Add(b); err != nil {
			t.Fatal(err)
		}
		d, _, err := files.Method("a.S/M")
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if d.Request != nil {
			got = d.Request.Name
		}
		if got != want {
			t.Errorf("request %.20s is described as %q, want %q", request, got, want)
		}
	}
}

func TestBomb(t *testing.T) {
	if err := new(rawdesc.Files).Add(zip(t, bytes.Repeat([]byte{0}, 40<<20))); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("unpacked: %v", err)
	}
}

func zip(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
