package source_test

import (
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck"
	"github.com/grpclint/grpclint/protocheck/source"
)

const everything = `syntax = "proto2";

// The shop.
package shop /* really */ . v1; // "quoted" // twice

import "google/api/annotations.proto";
import public 'google/protobuf/empty.proto';

option java_package = "com." 'shop';

// Order is ordered.
// Grüße, 世界.
message Order { // head
	option deprecated = true;
	required string name = 1; /* é */ repeated int64
		numbers = 2 [packed = true,
		deprecated = false];
	map < string, Order > by_name = 3;
	optional group Item = 4 [deprecated=true] {
		optional string a = 1;
	}

	// detached

	/* Block.
	 * Two lines. */
	oneof one { string a = 5; .shop.v1.Order b = 6; }
	extensions 100 to 199;
	enum Kind { KIND_ONE = 0; KIND_TWO = 2 [deprecated = true]; }
	message Inner { extend Order { optional string inner = 101; } }
}
extend Order { optional string outer = 100; }

service Orders {
	option deprecated = true;
	// Get gets.
	rpc Get(Order) returns (stream Order); // trailing
	rpc Put ( stream .shop.v1.Order )
		returns ( google.protobuf.Empty ) {
		option (google.api.http).post = "/v1/orders";
		option (google.api.http) . body = "*";
		option idempotency_level = IDEMPOTENT;
	}
}
`

// Every part of every kind of declaration is found, whatever ends the lines
// and whatever stands in front.
func TestLocate(t *testing.T) {
	tests := []struct {
		name   string // of the declaration below shop.v1; "" for the file
		part   protocheck.Part
		option string
		want   string
	}{
		{"", protocheck.Name, "", "shop /* really */ . v1"},
		{"", protocheck.Option, "java_package", "java_package = \"com.\" 'shop'"},
		{"", protocheck.Option, "go_package", "shop /* really */ . v1"},
		{"", protocheck.Import, "google/protobuf/empty.proto", "'google/protobuf/empty.proto'"},
		{"Order", protocheck.Name, "", "Order"},
		{"Order", protocheck.Option, "deprecated", "deprecated = true"},
		{"Order", protocheck.Option, "(google.api.resource)", "Order"},
		{"Order.name", protocheck.Name, "", "name"},
		{"Order.name", protocheck.Type, "", "required string"},
		{"Order.name", protocheck.Whole, "", "required string name = 1;"},
		{"Order.name", protocheck.Option, "deprecated", "name"},
		{"Order.numbers", protocheck.Type, "", "repeated int64"},
		{"Order.numbers", protocheck.Name, "", "numbers"},
		{"Order.numbers", protocheck.Option, "deprecated", "deprecated = false"},
		{"Order.numbers", protocheck.Whole, "", "repeated int64\n\t\tnumbers = 2 [packed = true,\n\t\tdeprecated = false];"},
		{"Order.by_name", protocheck.Type, "", "map < string, Order >"},
		{"Order.by_name", protocheck.Name, "", "by_name"},
		{"Order.item", protocheck.Name, "", "Item"},
		{"Order.item", protocheck.Type, "", "optional group"},
		{"Order.item", protocheck.Option, "deprecated", "deprecated=true"},
		{"Order.Item", protocheck.Name, "", "Item"},
		{"Order.one", protocheck.Name, "", "one"},
		{"Order.one", protocheck.Whole, "", "oneof one { string a = 5; .shop.v1.Order b = 6; }"},
		{"Order.b", protocheck.Type, "", ".shop.v1.Order"},
		{"Order.Kind", protocheck.Name, "", "Kind"},
		{"Order.KIND_TWO", protocheck.Name, "", "KIND_TWO"},
		{"Order.KIND_TWO", protocheck.Option, "deprecated", "deprecated = true"},
		{"Order.Inner.inner", protocheck.Name, "", "inner"},
		{"outer", protocheck.Type, "", "optional string"},
		{"Orders", protocheck.Name, "", "Orders"},
		{"Orders", protocheck.Option, "deprecated", "deprecated = true"},
		{"Orders.Get", protocheck.Name, "", "Get"},
		{"Orders.Get", protocheck.Input, "", "Order"},
		{"Orders.Get", protocheck.Output, "", "Order"},
		{"Orders.Get", protocheck.Whole, "", "rpc Get(Order) returns (stream Order);"},
		{"Orders.Get", protocheck.Type, "", "Get"},
		{"Orders.Put", protocheck.Input, "", ".shop.v1.Order"},
		{"Orders.Put", protocheck.Output, "", "google.protobuf.Empty"},
		{"Orders.Put", protocheck.Option, "(google.api.http)", `(google.api.http).post = "/v1/orders"`},
		{"Orders.Put", protocheck.Option, "(google.api.http).body", `(google.api.http) . body = "*"`},
		{"Orders.Put", protocheck.Option, "idempotency_level", "idempotency_level = IDEMPOTENT"},
	}
	variants := map[string]func(string) string{
		"as it is":        func(s string) string { return s },
		"CRLF":            func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"byte order mark": func(s string) string { return "\ufeff" + s },
		"one line":        func(s string) string { return "/* \n\n */" + s },
	}
	for name, change := range variants {
		t.Run(name, func(t *testing.T) {
			text := change(everything)
			dir, _ := load(t, good, source.Options{})
			path := filepath.Join(dir, "a.proto")
			write(t, path, text)
			s := source.Load([]string{path}, source.Options{Dir: dir})
			if got := problems(dir, s); got != "" {
				t.Fatal(got)
			}
			file := s.Files()[0].Descriptor
			for _, test := range tests {
				d := protoreflect.Descriptor(file)
				if test.name != "" {
					if d = find(file, test.name); d == nil {
						t.Errorf("there is no %s", test.name)
						continue
					}
				}
				place, ok := s.Locate(protocheck.Element{Descriptor: d, Part: test.part, Option: test.option})
				if !ok {
					t.Errorf("%s, part %d %s: not found", test.name, test.part, test.option)
					continue
				}
				if got := strings.ReplaceAll(text[place.Start:place.End], "\r", ""); got != test.want {
					t.Errorf("%s, part %d %s: %q, want %q", test.name, test.part, test.option, got, test.want)
				}
			}
		})
	}
}

// find finds a declaration by its name below the package.
func find(file protoreflect.FileDescriptor, name string) protoreflect.Descriptor {
	var found protoreflect.Descriptor
	full := file.Package()
	for _, word := range strings.Split(name, ".") {
		full = full.Append(protoreflect.Name(word))
	}
	eachIn(file, func(d protoreflect.Descriptor) {
		if d.FullName() == full && found == nil {
			found = d
		}
	})
	return found
}

func TestComment(t *testing.T) {
	dir, _ := load(t, good, source.Options{})
	path := filepath.Join(dir, "a.proto")
	write(t, path, everything)
	s := source.Load([]string{path}, source.Options{Dir: dir})
	tests := []struct{ name, want string }{
		{"Order", "Order is ordered.\nGrüße, 世界.\nhead"},
		{"Order.name", "é"},
		{"Order.numbers", ""},
		{"Order.one", "Block.\nTwo lines."},
		{"Order.Kind", ""},
		{"Orders.Get", "Get gets.\ntrailing"},
		{"Orders.Put", ""},
		{"outer", ""},
	}
	file := s.Files()[0].Descriptor
	for _, test := range tests {
		if got := s.Comment(find(file, test.name)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if !s.Mentions(file, "世界") || s.Mentions(file, "everything") {
		t.Error("Mentions is wrong")
	}
}

func TestChange(t *testing.T) {
	const text = `syntax = "proto3";
package shop;
message Order {
  string name = 1; // of the order
  string id = 2 [deprecated = true];
  int32 n = 3 [deprecated = true, json_name = "N"]; int32 m = 4;
}
enum Kind {
	KIND = 0;
}
service Orders {
  rpc Get(Order) returns (Order);
  rpc Put(Order) returns (Order) {}
  rpc Set(Order) returns (Order) {
    option deprecated = true;
  }
  rpc One(Order) returns (Order) { option deprecated = true; }
}
`
	edit := func(part protocheck.Part, option, text string) protocheck.Edit {
		return protocheck.Edit{At: protocheck.Element{Part: part, Option: option}, NewText: text}
	}
	const level = "idempotency_level = IDEMPOTENT"
	tests := []struct {
		name     string
		edit     protocheck.Edit
		from, to string // "" for nothing to do
	}{
		{"Order.name", edit(protocheck.Option, "deprecated", "deprecated = true"), "name = 1;", "name = 1 [deprecated = true];"},
		{"Order.id", edit(protocheck.Option, "deprecated", "deprecated = false"), "id = 2 [deprecated = true]", "id = 2 [deprecated = false]"},
		{"Order.id", edit(protocheck.Option, "deprecated", ""), "id = 2 [deprecated = true];", "id = 2;"},
		{"Order.id", edit(protocheck.Option, "lazy", "lazy = true"), "id = 2 [deprecated = true];", "id = 2 [deprecated = true, lazy = true];"},
		{"Order.id", edit(protocheck.Option, "lazy", ""), "", ""},
		{"Order.n", edit(protocheck.Option, "deprecated", ""), "[deprecated = true, json_name", "[json_name"},
		{"Order.n", edit(protocheck.Option, "json_name", ""), `true, json_name = "N"]`, "true]"},
		{"Order.n", edit(protocheck.Whole, "", ""), `int32 n = 3 [deprecated = true, json_name = "N"];`, ""},
		{"Order.id", edit(protocheck.Whole, "", ""), "  string id = 2 [deprecated = true];\n", ""},
		{"Order.id", edit(protocheck.Name, "", "uid"), "string id", "string uid"},
		{"Order.id", edit(protocheck.Type, "", "bytes"), "string id", "bytes id"},
		{"KIND", edit(protocheck.Option, "deprecated", "deprecated = true"), "KIND = 0;", "KIND = 0 [deprecated = true];"},
		{"Kind", edit(protocheck.Option, "deprecated", "deprecated = true"), "enum Kind {\n", "enum Kind {\n\toption deprecated = true;\n"},
		{"Order", edit(protocheck.Option, "deprecated", "deprecated = true"), "Order {\n  string name", "Order {\n  option deprecated = true;\n  string name"},
		{"Orders.Get", edit(protocheck.Option, "idempotency_level", level), "Get(Order) returns (Order);", "Get(Order) returns (Order) {\n    option " + level + ";\n  }"},
		{"Orders.Put", edit(protocheck.Option, "idempotency_level", level), "Put(Order) returns (Order) {}", "Put(Order) returns (Order) {\n    option " + level + ";\n  }"},
		{"Orders.Set", edit(protocheck.Option, "idempotency_level", level), "Set(Order) returns (Order) {\n", "Set(Order) returns (Order) {\n    option " + level + ";\n"},
		{"Orders.One", edit(protocheck.Option, "idempotency_level", level), "One(Order) returns (Order) {", "One(Order) returns (Order) { option " + level + ";"},
		{"Orders.Set", edit(protocheck.Option, "deprecated", ""), "    option deprecated = true;\n", ""},
		{"Orders.Get", edit(protocheck.Input, "", "Empty"), "Get(Order)", "Get(Empty)"},
		{"", edit(protocheck.Import, "a/b.proto", ""), "package shop;\n", "package shop;\n\nimport \"a/b.proto\";\n"},
		{"", edit(protocheck.Option, "go_package", `go_package = "x"`), "package shop;\n", "package shop;\noption go_package = \"x\";\n"},
	}
	for _, eol := range []string{"\n", "\r\n"} {
		text := strings.ReplaceAll(text, "\n", eol)
		dir, _ := load(t, good, source.Options{})
		path := filepath.Join(dir, "a.proto")
		write(t, path, text)
		s := source.Load([]string{path}, source.Options{Dir: dir})
		file := s.Files()[0].Descriptor
		for _, test := range tests {
			e := test.edit
			e.At.Descriptor = file
			if test.name != "" {
				e.At.Descriptor = find(file, test.name)
			}
			change, ok := s.Change(e)
			if !ok || test.from == "" {
				if ok != (test.from != "") {
					t.Errorf("%s: %t", test.name, ok)
				}
				continue
			}
			got := text[:change.Start] + change.NewText + text[change.End:]
			crlf := func(s string) string { return strings.ReplaceAll(s, "\n", eol) }
			if want := strings.Replace(text, crlf(test.from), crlf(test.to), 1); got != want {
				t.Errorf("%s: got\n%q\nwant\n%q", test.name, got, want)
			}
		}
	}
}
