package source_test

import (
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/protocheck/source"
	"github.com/grpclint/grpclint/rule"
)

// Each test's text marks with a trailing /*x*/ the lines that are to be
// silent.
func TestDirectives(t *testing.T) {
	tests := []struct{ name, text string }{
		{"field, from above", `
message M {
  string a = 1;
  //grpclint:ignore etag/missing why
  string b = 2; /*x*/
  string c = 3;
}`},
		{"field, from its line", `
message M {
  string a = 1;
  string b = 2; /*x*/ //grpclint:ignore etag/missing why
  string c = 3;
}`},
		{"a comment in front of the field below", `
message M {
  //grpclint:ignore etag/missing why
  /* the first */ string b = 2; /*x*/
  string c = 3;
}`},
		{"field on several lines", `
message M {
  //grpclint:ignore etag why
  string /*x*/
    b = 2 /*x*/
    ; /*x*/
  string c = 3;
}`},
		{"message, from its comment", `
// M is a message.
//
//grpclint:ignore etag/missing why
// More.
message M { /*x*/
  string a = 1; /*x*/
} /*x*/
message N {}`},
		{"method with options", `
message M {}
service S {
  //grpclint:ignore etag/missing why
  rpc A(M) returns (M) { /*x*/
    option deprecated = true; /*x*/
  } /*x*/
  rpc B(M) returns (M);
}`},
		{"one of several names", `
message M {
  //grpclint:ignore deadline/missing,etag/missing why
  string b = 2; /*x*/
}`},
		{"another rule", `
message M {
  //grpclint:ignore etag/miss why
  string b = 2;
}`},
		{"in a block comment", `
message M {
  /*grpclint:ignore etag/missing why*/
  string b = 2;
}`},
		{"in a string", `
message M {
  string a = 1 [json_name = "//grpclint:ignore etag/missing why"];
}`},
		{"nolint", `
message M {
  string b = 2; /*x*/ //nolint:grpclint
  string c = 2; //nolint:other
}`},
		{"a blank line below", `
message M {
  //grpclint:ignore etag/missing why

  string b = 2;
}`},
		{"at the end", `
message M {}
//grpclint:ignore etag/missing why`},
		{"of a file that does not compile in full", `
import "nowhere.proto";
message M {
  //grpclint:ignore etag/missing why
  nowhere.X b = 2; /*x*/
}`},
	}
	for _, test := range tests {
		for _, eol := range []string{"\n", "\r\n"} {
			text := strings.ReplaceAll("syntax = \"proto3\";"+test.text+"\n", "\n", eol)
			checkSilent(t, test.name, text, eol)
		}
	}
	checkSilent(t, "file", "syntax = \"proto3\"; /*x*/\nmessage M { /*x*/\n} /*x*/\n//grpclint:file-ignore etag why\n", "\n")
	checkSilent(t, "nolint for the file", "//nolint\nsyntax = \"proto3\"; /*x*/\nmessage M { /*x*/\n} /*x*/\n", "\n")
}

func checkSilent(t *testing.T, name, text, eol string) {
	t.Helper()
	dir, _ := load(t, good, source.Options{})
	path := filepath.Join(dir, "a.proto")
	write(t, path, text)
	s := source.Load([]string{path}, source.Options{Dir: dir})
	fset := token.NewFileSet()
	file := fset.AddFile(path, -1, len(text))
	file.SetLinesForContent([]byte(text))
	set := s.Directives(s.Files()[0], file)
	r := &rule.Rule{ID: "etag/missing"}
	for i, line := range strings.Split(text, eol) {
		code := strings.TrimSpace(line)
		if code == "" || strings.HasPrefix(code, "//") || strings.HasPrefix(code, "/*") {
			continue
		}
		want := strings.Contains(line, "/*x*/")
		if got := set.Ignores(fset, r, file.LineStart(i+1)); got != want {
			t.Errorf("%s: line %d %q: silent %t", name, i+1, code, got)
		}
	}
}

func TestIdempotent(t *testing.T) {
	_, s := load(t, `
-- a.proto --
syntax = "proto3";
package shop;
message M {}
service S {
  // A is a method.
  //grpclint:idempotent the server compares keys
  rpc A(M) returns (M) {
    option deprecated = true;
  }
  rpc B(M) returns (M); //grpclint:idempotent it only counts
  rpc C(M) returns (M);
}
-- b.proto --
syntax = "proto3";
package shop;
import "a.proto";
//grpclint:idempotent all of it
service T {
  rpc D(M) returns (M);
}
`, source.Options{})
	for name, want := range map[string]string{"S.A": "the server compares keys", "S.B": "it only counts", "S.C": "", "T.D": "all of it"} {
		service, method, _ := strings.Cut(name, ".")
		methods := s.Service("shop." + service).Methods()
		for i := range methods.Len() {
			m := methods.Get(i)
			if string(m.Name()) != method {
				continue
			}
			if reason, ok := s.Idempotent(m); reason != want || ok != (want != "") {
				t.Errorf("%s: %q, %t", name, reason, ok)
			}
		}
	}
}
