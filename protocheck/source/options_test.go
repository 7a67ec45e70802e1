package source_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/linker"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/grpclint/grpclint/protocheck/source"
)

// optionsText sets options in every way that there is.
const optionsText = `syntax = "proto2";
package shop.v1;
import "google/protobuf/descriptor.proto";

message Rule {
	optional string text = 1;
	optional bytes data = 2;
	optional int32 i32 = 3;
	optional sint64 s64 = 4;
	optional fixed32 f32 = 5;
	optional sfixed64 sf64 = 6;
	optional float f = 7;
	optional double d = 8;
	optional bool b = 9;
	optional Kind kind = 10;
	repeated int32 numbers = 11;
	repeated int32 packed = 12 [packed = true];
	optional Rule rule = 13;
	repeated Rule rules = 14;
	map<string, int32> counts = 15;
	optional group Inner = 16 { optional string a = 1; }
	optional uint64 u64 = 17;
	enum Kind { NONE = 0; SOME = 1; }
	extensions 100 to 199;
}
extend Rule { optional string more = 100; }
message Scope { extend google.protobuf.MessageOptions { optional Rule scoped = 50001; } }
extend google.protobuf.FileOptions { optional Rule file = 50000; }
extend google.protobuf.MessageOptions { optional Rule message = 50000; repeated string words = 50002; }
extend google.protobuf.FieldOptions { optional Rule field = 50000; repeated Rule.Kind kinds = 50001 [packed = true]; }
extend google.protobuf.MethodOptions { optional Rule method = 50000; optional float ratio = 50001; optional int64 big = 50002; }
extend google.protobuf.EnumValueOptions { optional bool value = 50000; }
extend google.protobuf.OneofOptions { optional Rule oneof = 50000; }
extend google.protobuf.EnumOptions { optional Rule enum = 50000; }
extend google.protobuf.ServiceOptions { optional Rule service = 50000; }
extend google.protobuf.ExtensionRangeOptions { optional Rule range = 50000; }

option java_package = "com.shop";
option optimize_for = CODE_SIZE;
option (file) = {
	text: "a" 'b'; data: "\x00\xff\n", i32: -1 s64: -5 f32: 7 sf64: -9 f: 1.5 d: -inf b: true kind: SOME
	numbers: 1 numbers: [2, 3] packed: [4, 5] rule { text: "inner" rule: < text: "deep" > } rules: [{text: "x"}, {text: "y"}]
	counts { key: "k" value: 1 } counts: { key: "l" value: 2 } Inner { a: "group" } u64: 18446744073709551615
	[shop.v1.more]: "extended"
};
message A {
	option deprecated = true;
	option (message).text = "set one by one";
	option (shop.v1.message).rule.text = "deeper";
	option (.shop.v1.message).rule.i32 = 4;
	option (words) = "one";
	option (words) = "two";
	option (Scope.scoped) = { kind: NONE };
	optional string a = 1 [(field) = { more_is_missing: 1 }, deprecated = true];
	optional string b = 2 [json_name = "bee", (kinds) = NONE, (kinds) = SOME, (field).numbers = 1, (field).d = inf];
	repeated int32 c = 3 [packed = true];
	oneof o { option (oneof).b = false; string d = 4; }
	extensions 100 to 199 [(range).text = "r"];
}
enum E { option (enum).f = 3; option allow_alias = true; ONE = 1 [(value) = true]; UNO = 1 [deprecated = true]; }
service S {
	option (service).u64 = 0xFF;
	rpc Get(A) returns (stream A) { option idempotency_level = NO_SIDE_EFFECTS; option (ratio) = -2; option (big) = -0x10; option (method).kind = SOME; }
}
`

// Options come out as protocompile, which follows protoc to the letter,
// interprets them.
func TestOptions(t *testing.T) {
	text := strings.Replace(optionsText, "(field) = { more_is_missing: 1 }, ", "", 1)
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
		Accessor: protocompile.SourceAccessorFromMap(map[string]string{"a.proto": text}),
	})}
	files, err := compiler.Compile(context.Background(), "a.proto")
	if err != nil {
		t.Fatal(err)
	}
	want := protodesc.ToFileDescriptorProto(files[0])

	dir, _ := load(t, good, source.Options{})
	path := filepath.Join(dir, "a.proto")
	write(t, path, text)
	s := source.Load([]string{path}, source.Options{Dir: dir})
	if got := problems(dir, s); got != "" {
		t.Fatal(got)
	}
	// Whatever the order of fields, and whether they are packed.
	got := decoded(t, protodesc.ToFileDescriptorProto(s.Files()[0].Descriptor), files.AsResolver())
	if want := decoded(t, want, files.AsResolver()); !proto.Equal(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
	for _, twice := range []string{"deeper", "set one by one"} {
		if strings.Count(prototext.Format(got), twice) != 1 {
			t.Errorf("%s is lost or there twice", twice)
		}
	}
}

// decoded is a file whose custom options are known.
func decoded(t *testing.T, file *descriptorpb.FileDescriptorProto, resolver linker.Resolver) *descriptorpb.FileDescriptorProto {
	t.Helper()
	wire, err := proto.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	known := new(descriptorpb.FileDescriptorProto)
	if err := (proto.UnmarshalOptions{Resolver: resolver}).Unmarshal(wire, known); err != nil {
		t.Fatal(err)
	}
	return known
}

// An option that cannot be interpreted costs itself, and is kept if a rule
// may ask for it.
func TestUninterpreted(t *testing.T) {
	dir, s := load(t, `-- a.proto --
syntax = "proto3";
package shop;
import "nowhere/x.proto";
message A {
	option (nowhere.x) = { a: 1 };
	string a = 1 [(nowhere.field_behavior) = REQUIRED, deprecated = true];
	string b = 2 [deprecated = "yes", (other) = 1];
}
service S {
	rpc Get(A) returns (A) { option (nowhere.api.http).get = "/x"; option idempotency_level = IDEMPOTENT; }
	rpc Put(A) returns (A) { option idempotency_level = NOBODY_KNOWS; }
}
`, source.Options{})
	if got := problems(dir, s); strings.Count(got, "\n") != 0 {
		t.Fatal(got)
	}
	file := s.Files()[0].Descriptor
	for name, want := range map[string]string{
		"A":     "",
		"A.a":   "deprecated:true (nowhere.field_behavior)",
		"A.b":   "",
		"S.Get": "idempotency_level:IDEMPOTENT (nowhere.api.http).get",
		"S.Put": "",
	} {
		options := proto.Clone(find(file, name).Options())
		var left []string
		if o, ok := options.(interface {
			GetUninterpretedOption() []*descriptorpb.UninterpretedOption
		}); ok {
			for _, u := range o.GetUninterpretedOption() {
				var words []string
				for _, n := range u.Name {
					word := n.GetNamePart()
					if n.GetIsExtension() {
						word = "(" + word + ")"
					}
					words = append(words, word)
				}
				left = append(left, strings.Join(words, "."))
			}
		}
		m := options.ProtoReflect()
		if fd := m.Descriptor().Fields().ByName("uninterpreted_option"); fd != nil && m.IsValid() {
			m.Clear(fd)
		}
		got := strings.TrimSpace(strings.NewReplacer("  ", " ", "<nil>", "").Replace(prototext.MarshalOptions{}.Format(options)) + " " + strings.Join(left, " "))
		if got != want {
			t.Errorf("%s has the options %q, want %q", name, got, want)
		}
	}
}
