package source_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
	"github.com/grpclint/grpclint/protocheck/source"
)

const head = "syntax = \"proto3\";\npackage shop;\n"

// load writes the files of a txtar archive and loads all .proto files in it,
// or those that are named.
func load(t *testing.T, archive string, options source.Options, names ...string) (dir string, s *source.Set) {
	t.Helper()
	dir = moduletest.Write(t, archive)
	var paths []string
	for _, name := range names {
		paths = append(paths, filepath.Join(dir, filepath.FromSlash(name)))
	}
	if names == nil {
		for _, line := range strings.Split(archive, "\n") {
			name, ok := strings.CutPrefix(line, "-- ")
			if name, ok = strings.CutSuffix(name, " --"); ok && strings.HasSuffix(name, ".proto") {
				paths = append(paths, filepath.Join(dir, filepath.FromSlash(name)))
			}
		}
	}
	options.Dir = filepath.Join(dir, options.Dir)
	for i, root := range options.Roots {
		options.Roots[i] = filepath.Join(dir, root)
	}
	return dir, source.Load(paths, options)
}

// problems lists the errors, each as file:line:column: message.
func problems(dir string, s *source.Set) string {
	var lines []string
	for _, f := range s.Files() {
		for _, e := range f.Errors {
			line, column := s.Position(f, e.Offset)
			rel, _ := filepath.Rel(dir, f.Path)
			lines = append(lines, fmt.Sprintf("%s:%d:%d: %s", filepath.ToSlash(rel), line, column, strings.ReplaceAll(e.Message, dir+string(filepath.Separator), "")))
		}
	}
	return strings.Join(lines, "\n")
}

// Names are seen through public imports, and there may be very many ways along
// them from one file to another.
func TestPublicImports(t *testing.T) {
	const n = 80 // files that import the three behind them: 3^n ways, in theory
	var archive strings.Builder
	for i := range n {
		fmt.Fprintf(&archive, "-- p%d.proto --\nsyntax = \"proto3\";\npackage p;\n", i)
		for j := i + 1; j < min(i+4, n); j++ {
			fmt.Fprintf(&archive, "import public \"p%d.proto\";\n", j)
		}
		fmt.Fprintf(&archive, "message M%d {}\n", i)
	}
	archive.WriteString("-- a.proto --\nsyntax = \"proto3\";\npackage a;\nimport \"p0.proto\";\nmessage A { p.M79 last = 1; }\n")
	archive.WriteString("-- b.proto --\nsyntax = \"proto3\";\npackage b;\nimport \"a.proto\";\nmessage B { p.M79 last = 1; }\n")
	dir, s := load(t, archive.String(), source.Options{})
	// What a file imports without saying public, others do not see.
	if got := problems(dir, s); !strings.HasPrefix(got, "b.proto:4:13: ") || strings.Contains(got, "\n") {
		t.Errorf("problems:\n%s", got)
	}
}

// good is checked beside every bad file.
const good = "-- good.proto --\n" + head + "service Good { rpc Get(Request) returns (Request); }\nmessage Request { string name = 1; }\n"

// Whatever is wrong with a file is said with its place, and the rest of the
// run does not suffer.
func TestBadInput(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("{a:", n) + "1" + strings.Repeat("}", n) }
	tests := []struct {
		name, text string
		want       string // what is said of bad.proto, from its place on
		compiled   bool
	}{
		{"syntax error", head + "\nmessage M {\n\tstring 1 = x;\n}\n", `5:9: syntax error: unexpected int literal`, false},
		{"behind comments", head + "/* é\n\n*/ message M { // x\n\tstring é = 1; }\n", `6:9: `, false},
		{"unclosed string", head + "import \"a.proto;\n", `3:8: `, false},
		{"unclosed comment", head + "/* never\n", `3:1: `, false},
		{"unclosed message", head + "message M {\n", `4:1: syntax error: unexpected`, false},
		{"empty", "", "", true},
		{"only comments", "// nothing\n", "", true},
		{"no proto at all", "\x00\x01\x02", `1:1: `, false},
		{"edition 2023", "edition = \"2023\";\npackage shop;\noption features.field_presence = IMPLICIT;\nmessage M { string a = 1 [features.field_presence = EXPLICIT]; }\n", "", true},
		{"edition 2024", "edition = \"2024\";\npackage shop;\nmessage M { string a = 1; }\n", `1:11: edition 2024 is not known`, false},
		{"syntax of the future", "syntax = \"proto4\";\n", `1:10: `, false},
		{"group", "syntax = \"proto2\";\npackage shop;\nmessage M { repeated group Item = 1 { optional string a = 2; } }\n", "", true},
		{"extension", "syntax = \"proto2\";\npackage shop;\nmessage M { extensions 100 to 199; }\nextend M { optional string note = 100; }\n", "", true},
		{"extension out of range", "syntax = \"proto2\";\npackage shop;\nmessage M { extensions 100 to 199; }\nextend M { optional string note = 200; }\n", `4:28: `, false},
		{"extendee missing", "syntax = \"proto2\";\npackage shop;\nextend Missing { optional string note = 200; }\n", `3:8: there is no type Missing`, true},
		{"message set", "syntax = \"proto2\";\npackage shop;\nmessage M { option message_set_wire_format = true; extensions 4 to max; }\n", `3:9: `, false},
		{"unknown custom option", head + "message M { option (nobody.knows) = 1; string a = 1 [(nobody.knows).b = {c: [1, 2]}]; }\n", "", true},
		{"unknown option", head + "message M { option nobody_knows = 1; }\n", "", true},
		{"option of a wrong type", head + "message M { option deprecated = \"yes\"; string a = 1 [deprecated = 3.4]; }\n", "", true},
		{"missing import", head + "import \"nowhere/x.proto\";\nmessage M { nowhere.X x = 1; }\n", `3:8: "nowhere/x.proto" is not there: checked without it`, true},
		{"missing imports", head + "import \"a/x.proto\";\nimport \"b/x.proto\";\nservice S { rpc A(a.X) returns (b.X); }\n", `3:8: "a/x.proto", "b/x.proto" are not there: checked without them`, true},
		{"imports itself", head + "import \"bad.proto\";\n", `3:8: imports itself: bad.proto → bad.proto`, true},
		{"absolute import", head + "import \"/etc/passwd\";\n", `3:8: "/etc/passwd" `, true},
		{"import upward", head + "import \"../x.proto\";\n", `3:8: "../x.proto" `, true},
		{"import twice", head + "import \"good.proto\";\nimport \"good.proto\";\nmessage M { Request r = 1; }\n", `4:1: `, false},
		{"unknown type", head + "message M {\n  string a = 1;\n  Missing b = 2;\n}\n", `5:3: there is no type Missing`, true},
		{"unknown request", head + "service S { rpc A(Missing) returns (M); }\nmessage M {}\n", `3:19: there is no type Missing`, true},
		{"duplicate field", head + "message M { string a = 1;\n  string a = 2; }\n", `4:10: descriptor "shop.M.a" already declared`, false},
		{"duplicate number", head + "message M { string a = 1;\n  string b = 1; }\n", `4:14: `, false},
		{"duplicate message", head + "message M {}\nmessage M {}\n", `4:9: descriptor "shop.M" already declared`, false},
		{"duplicate method", head + "message M {}\nservice S { rpc A(M) returns (M);\n rpc A(M) returns (M); }\n", `5:6: descriptor "shop.S.A" already declared`, false},
		{"type is a method", head + "message M { S.A a = 1; }\nservice S { rpc A(M) returns (M); }\n", `3:17: `, false},
		{"not UTF-8 in a comment", head + "// caf\xe9\nmessage M {}\n", `3:7: the byte 0xe9 is no UTF-8`, true},
		{"not UTF-8 in a string", head + "option java_package = \"caf\xe9\";\n", `3:27: the byte 0xe9 is no UTF-8`, true},
		{"UTF-16", "\xff\xfes\x00y\x00", `1:1: is UTF-16, not UTF-8`, false},
		{"byte order mark", "\ufeff" + head + "message M {}\n", "", true},
		{"byte order mark and an error", "\ufeffsyntax = proto3;\n", `1:13: `, false},
		{"deep braces", head + "option (x) = " + deep(5000) + ";\n", `3:`, false},
		{"deep brackets", head + strings.Repeat("[", 1000000), `3:101: more than 100 brackets are open here`, false},
		{"deep messages", head + strings.Repeat("message M {", 80) + strings.Repeat("}", 80) + "\n", `3:`, false},
		{"deep names", head + "message M { " + strings.Repeat("a.", 100000) + "a x = 1; }\n", `3:13: there is no type`, true},
		{"many errors", head + strings.Repeat("message 1 {}\n", 1000), `3:9: `, false},
		{"long lines", head + "message M { string " + strings.Repeat("a", 1<<20) + " = 1; }\n", "", true},
		{"negative number", head + "message M { string a = -1; }\n", `3:24: `, false},
		{"carriage returns", "syntax = \"proto3\";\r\npackage shop;\r\nmessage M {\r\n\tstring 1 = x;\r\n}\r\n", `4:9: syntax error`, false},
		{"proto2 default", "syntax = \"proto2\";\nmessage M { optional int32 a = 1 [default = -7, json_name = \"b\"]; optional E e = 2 [default = NONE]; }\nenum E { ONE = 1; }\n", "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir, s := load(t, good+"-- bad.proto --\n", source.Options{})
			_ = s
			write(t, filepath.Join(dir, "bad.proto"), test.text)
			s = source.Load([]string{filepath.Join(dir, "bad.proto"), filepath.Join(dir, "good.proto")}, source.Options{Dir: dir})
			got := problems(dir, s)
			if test.want == "" && got != "" || !strings.HasPrefix(got, "bad.proto:"+test.want) && test.want != "" {
				t.Errorf("got %.300s\nwant %s", got, test.want)
			}
			if strings.Contains(got, "internal error") || strings.Contains(got, "good.proto:") {
				t.Errorf("got %.300s", got)
			}
			if compiled := s.Files()[0].Descriptor != nil; compiled != test.compiled {
				t.Errorf("compiled: %t", compiled)
			}
			service := s.Service("shop.Good")
			if service == nil || service.Methods().Get(0).Input().Fields().Len() != 1 {
				t.Errorf("the file beside it is not checked: %v", service)
			}
		})
	}
}

// A field may have the name of its type, and a method that of its request.
func TestNamesOfTypes(t *testing.T) {
	const archive = `
-- shop/a.proto --
syntax = "proto3";
package shop.a;
message Item { string sku = 1; }
enum State { NONE = 0; }
-- shop/b.proto --
syntax = "proto3";
package shop.b;
import "shop/a.proto";
message Line { int32 n = 1; }
message PlaceOrder {
  repeated Line Line = 1;
  Inner inner = 2;
  map<string, Line> Lines = 3;
  oneof how { Kind Kind = 4; }
  a.Item item = 5;
  message Inner { Line Line = 1; }
}
enum Kind { OTHER = 0; }
service Orders { rpc PlaceOrder(PlaceOrder) returns (Line); }
`
	dir, s := load(t, archive, source.Options{})
	if got := problems(dir, s); got != "" {
		t.Fatal(got)
	}
	m := s.Service("shop.b.Orders").Methods().Get(0)
	var got []string
	for i := range m.Input().Fields().Len() {
		switch f := m.Input().Fields().Get(i); {
		case f.Message() != nil:
			got = append(got, string(f.Message().FullName()))
		case f.Enum() != nil:
			got = append(got, string(f.Enum().FullName()))
		}
	}
	want := "shop.b.Line shop.b.PlaceOrder.Inner shop.b.PlaceOrder.LinesEntry shop.b.Kind shop.a.Item"
	if strings.Join(got, " ") != want {
		t.Errorf("the fields are of %q, want %q", got, want)
	}
}
