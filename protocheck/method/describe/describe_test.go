package describe_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"reflect"
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

var sources = map[string]string{
	// The options' definitions, as far as they are used here.
	"google/api.proto": `
		syntax = "proto3";
		package google.api;
		import "google/protobuf/descriptor.proto";
		extend google.protobuf.MethodOptions { HttpRule http = 72295728; }
		extend google.protobuf.FieldOptions {
			repeated FieldBehavior field_behavior = 1052 [packed = false];
			FieldInfo field_info = 291403980;
		}
		extend google.protobuf.MessageOptions { ResourceDescriptor resource = 1053; }
		message HttpRule {
			oneof pattern {
				string get = 2; string put = 3; string post = 4; string delete = 5; string patch = 6;
				CustomHttpPattern custom = 8;
			}
			string body = 7;
			repeated HttpRule additional_bindings = 11;
		}
		message CustomHttpPattern { string kind = 1; string path = 2; }
		enum FieldBehavior { FIELD_BEHAVIOR_UNSPECIFIED = 0; OPTIONAL = 1; REQUIRED = 2; OUTPUT_ONLY = 3; IMMUTABLE = 5; IDENTIFIER = 8; }
		message FieldInfo { enum Format { FORMAT_UNSPECIFIED = 0; UUID4 = 1; } Format format = 1; }
		message ResourceDescriptor { string type = 1; }`,
	"google/protobuf/field_mask.proto": `
		syntax = "proto3";
		package google.protobuf;
		message FieldMask { repeated string paths = 1; }`,
	"orders.proto": `
		syntax = "proto3";
		package shop.v1;
		import "google/api.proto";
		import "google/protobuf/field_mask.proto";
		service Orders {
			rpc CreateOrder(CreateOrderRequest) returns (Order) {
				option idempotency_level = IDEMPOTENT;
				option (google.api.http) = {
					post: "/v1/orders" body: "order"
					additional_bindings { put: "/v1/{order.name=orders/*}" body: "*" }
					additional_bindings { custom { kind: "HEAD" path: "/v1/x" } }
				};
			}
			rpc Chat(stream Envelope.Inner) returns (stream Order);
			rpc Follow(Order) returns (stream Order) { option idempotency_level = NO_SIDE_EFFECTS; }
		}
		message Order {
			option (google.api.resource) = { type: "shop/Order" };
			string name = 1 [(google.api.field_behavior) = IDENTIFIER];
			string etag = 2;
			Order parent = 3;
		}
		message CreateOrderRequest {
			Order order = 1 [(google.api.field_behavior) = REQUIRED, (google.api.field_behavior) = IMMUTABLE];
			string request_id = 2 [(google.api.field_info).format = UUID4];
			optional string order_id = 3;
			oneof payment { string card = 4; bytes token = 5; }
			repeated string tags = 6;
			map<string, Order> others = 7;
			sint64 number = 8;
			bool dry_run = 9;
			Envelope.Inner inner = 10;
			Kind kind = 11;
			google.protobuf.FieldMask read_mask = 12;
		}
		enum Kind { KIND_UNSPECIFIED = 0; }
		message Envelope { message Inner { int32 id = 1; } }`,
	"legacy.proto": `
		syntax = "proto2";
		import "orders.proto";
		service Legacy {
			rpc Put(PutRequest) returns (PutRequest);
			rpc Far(shop.v1.Order) returns (PutRequest);
		}
		message PutRequest { required string key = 1; optional group Value = 2 { optional string etag = 1; } }`,
}

// A method's description is the same whether a compiler has resolved its
// options, nobody has, or they are read as generated code embeds them.
func TestWaysAgree(t *testing.T) {
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
		Accessor: protocompile.SourceAccessorFromMap(sources),
	})}
	compiled, err := compiler.Compile(context.Background(), "google/api.proto", "google/protobuf/field_mask.proto", "orders.proto", "legacy.proto")
	if err != nil {
		t.Fatal(err)
	}
	raw := new(rawdesc.Files)
	unresolved := new(protoregistry.Files)
	if err := unresolved.RegisterFile(descriptorpb.File_google_protobuf_descriptor_proto); err != nil {
		t.Fatal(err)
	}
	for i, file := range compiled {
		b, err := proto.Marshal(protodesc.ToFileDescriptorProto(file))
		if err != nil {
			t.Fatal(err)
		}
		embedded := b
		if i == 1 {
			embedded = gzipped(t, b)
		}
		if err := raw.Add(embedded); err != nil {
			t.Fatal(err)
		}
		p := new(descriptorpb.FileDescriptorProto)
		if err := (proto.UnmarshalOptions{Resolver: new(protoregistry.Types)}).Unmarshal(b, p); err != nil {
			t.Fatal(err)
		}
		linked, err := protodesc.NewFile(p, unresolved)
		if err != nil {
			t.Fatal(err)
		}
		if err := unresolved.RegisterFile(linked); err != nil {
			t.Fatal(err)
		}
	}

	methods := 0
	for _, file := range compiled {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				methods++
				m := service.Methods().Get(j)
				want := describe.Method(m)
				got, request, err := raw.Method(want.FullName())
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("raw, %s is\n%+v\nwant\n%+v", want.FullName(), got, want)
				}
				if request != string(m.Input().FullName()) {
					t.Errorf("request of %s is %s", want.FullName(), request)
				}
				other, err := unresolved.FindDescriptorByName(m.FullName())
				if err != nil {
					t.Fatal(err)
				}
				if got := describe.Method(other.(protoreflect.MethodDescriptor)); !reflect.DeepEqual(got, want) {
					t.Errorf("unresolved, %s is\n%+v\nwant\n%+v", want.FullName(), got, want)
				}
			}
		}
	}
	if methods != 5 {
		t.Errorf("%d methods", methods)
	}

	got, _, err := raw.Method("shop.v1.Orders/CreateOrder")
	if err != nil {
		t.Fatal(err)
	}
	if got.Level != method.Idempotent || !reflect.DeepEqual(got.HTTP, []method.HTTPRule{
		{Verb: "POST", Path: "/v1/orders", Body: "order"},
		{Verb: "PUT", Path: "/v1/{order.name=orders/*}", Body: "*"},
		{Verb: "HEAD", Path: "/v1/x"},
	}) {
		t.Errorf("%+v", got)
	}
	name := &method.Message{Name: "shop.v1.Order", Resource: true, Fields: []method.Field{
		{Name: "name", Kind: method.StringKind, Behavior: method.Identifier},
		{Name: "etag", Kind: method.StringKind},
		{Name: "parent", Kind: method.MessageKind},
	}}
	for _, want := range []method.Field{
		{Name: "order", Kind: method.MessageKind, Behavior: method.Required | method.Immutable, Message: name},
		{Name: "request_id", Kind: method.StringKind, UUID4: true},
		{Name: "order_id", Kind: method.StringKind},
		{Name: "card", Kind: method.StringKind, Oneof: "payment"},
		{Name: "tags", Kind: method.StringKind, Repeated: true},
		{Name: "number", Kind: method.IntegerKind},
		{Name: "kind", Kind: method.OtherKind},
	} {
		if f := got.Request.Field(want.Name); f == nil || !reflect.DeepEqual(*f, want) {
			t.Errorf("field %s is %+v", want.Name, f)
		}
	}
	if f := got.Request.Field("others"); !f.Repeated || f.Kind != method.MessageKind {
		t.Errorf("a map is %+v", f)
	}
}

func TestPlaceholder(t *testing.T) {
	file, err := protodesc.FileOptions{AllowUnresolvable: true}.New(&descriptorpb.FileDescriptorProto{
		Name: proto.String("a.proto"),
		Service: []*descriptorpb.ServiceDescriptorProto{{Name: proto.String("S"), Method: []*descriptorpb.MethodDescriptorProto{{
			Name: proto.String("CreateOrder"), InputType: proto.String(".missing.Request"), OutputType: proto.String(".missing.Reply"),
		}}}},
	}, new(protoregistry.Files))
	if err != nil {
		t.Fatal(err)
	}
	d := describe.Method(file.Services().Get(0).Methods().Get(0))
	if d.Request != nil || d.FullName() != "S/CreateOrder" {
		t.Errorf("%+v", d)
	}
}

func TestPlaceholderOfField(t *testing.T) {
	for typeName, partial := range map[string]bool{".missing.Order": true, ".google.type.Money": false} {
		file, err := protodesc.FileOptions{AllowUnresolvable: true}.New(&descriptorpb.FileDescriptorProto{
			Name: proto.String("a.proto"),
			MessageType: []*descriptorpb.DescriptorProto{{Name: proto.String("Q"), Field: []*descriptorpb.FieldDescriptorProto{{
				Name: proto.String("order"), Number: proto.Int32(1), Type: descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(),
				Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(), TypeName: proto.String(typeName),
			}}}},
			Service: []*descriptorpb.ServiceDescriptorProto{{Name: proto.String("S"), Method: []*descriptorpb.MethodDescriptorProto{{
				Name: proto.String("CreateOrder"), InputType: proto.String(".Q"), OutputType: proto.String(".missing.Reply"),
			}}}},
		}, new(protoregistry.Files))
		if err != nil {
			t.Fatal(err)
		}
		d := describe.Method(file.Services().Get(0).Methods().Get(0))
		if d.Request.Partial != partial {
			t.Errorf("a request with a %s: partial is %t", typeName, d.Request.Partial)
		}
		if v := method.Classify(d, method.Options{}); v.Class != method.Mutating || v.Partial != partial || v.Doubt != partial {
			t.Errorf("a request with a %s: %+v", typeName, v)
		}
	}
}

func gzipped(t *testing.T, b []byte) []byte {
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
