package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
)

// misnamed is a .proto file with one finding, at its third line.
const misnamed = "syntax = \"proto3\";\npackage shop;\n//grpclint:ignore etagg/missing not needed\nmessage Order { string name = 1; }\n"

func unknownRule(file string) string { return file + ":3 suppress/unknown" }

// Which .proto files are checked, and what comes of those that cannot be.
func TestProtoFiles(t *testing.T) {
	archive := noModule +
		"-- a.proto --\n" + misnamed +
		"-- api/shop/v1/b.proto --\n" + misnamed +
		"-- api/shop/v1/deep/c.proto --\n" + misnamed +
		"-- broken/broken.proto --\nsyntax = \"proto3\";\nmessage {\n" +
		"-- lacking/lacking.proto --\nsyntax = \"proto3\";\nimport \"nowhere/x.proto\";\n" +
		"-- lacking/other.proto --\nsyntax = \"proto3\";\nimport \"nowhere/x.proto\";\n" +
		"-- node_modules/a.proto --\n" + misnamed +
		"-- vendor/a.proto --\n" + misnamed +
		"-- testdata/a.proto --\n" + misnamed +
		"-- _old/a.proto --\n" + misnamed +
		"-- .hidden.proto --\n" + misnamed +
		"-- nested/go.mod --\nmodule example.com/nested\n" +
		"-- nested/a.proto --\n" + misnamed
	api := unknownRule("api/shop/v1/b.proto") + ", " + unknownRule("api/shop/v1/deep/c.proto")
	all := unknownRule("a.proto") + ", " + api
	tests := []struct {
		args   string
		status int
		found  string
		stderr string
	}{
		{"", 1, all, "grpclint: broken/broken.proto:2:9: syntax error"},
		{"", 1, all, "grpclint: lacking/lacking.proto:2:8: \"nowhere/x.proto\" is not there: checked without it"},
		{"", 1, all, "grpclint: 1 more .proto files lack imports (-v names them)"},
		{"-v", 1, all, "grpclint: lacking/other.proto:2:8: "},
		{"api", 1, api, ""},
		{"./api/...", 1, api, ""},
		{"./api/shop/v1", 1, api, ""},
		{"api/shop/v1/b.proto ./api/shop/v1/b.proto", 1, unknownRule("api/shop/v1/b.proto"), ""},
		{"testdata", 1, unknownRule("testdata/a.proto"), ""},
		{"nested/a.proto .hidden.proto", 1, unknownRule(".hidden.proto") + ", " + unknownRule("nested/a.proto"), ""},
		{"-modules", 1, all + ", " + unknownRule("nested/a.proto"), "syntax error"},
		{"-disable suppress api", 0, "", ""},
		{"-fail-on never api", 0, api, ""},
		{"broken", 0, "", "syntax error"},
		{"broken/broken.proto a.proto", 2, unknownRule("a.proto"), "grpclint: broken/broken.proto:2:9: syntax error"},
		{"lacking", 0, "", "is not there"},
		{"lacking/lacking.proto", 2, "", "is not there"},
		{"-proto-path . lacking/lacking.proto", 2, "", "is not there"},
		{"-proto-path nowhere", 2, "", "-proto-path: stat "},
		{"-proto-path a.proto", 2, "", "not a folder"},
		{"none.proto a.proto", 2, unknownRule("a.proto"), "grpclint: none.proto: no such file"},
	}
	dir := moduletest.Write(t, archive)
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			got := runIn(t, dir, strings.Fields(test.args)...)
			if found := lines(got.stdout); got.status != test.status || found != test.found {
				t.Errorf("status %d, found %s\nwant %d, %s", got.status, found, test.status, test.found)
			}
			if !strings.Contains(got.stderr, test.stderr) || test.stderr == "" && got.stderr != "" {
				t.Errorf("standard error is %q, want %q", got.stderr, test.stderr)
			}
		})
	}
	got := runIn(t, dir)
	if want := "3 findings (3 errors); 6 proto files (2 in part); 1 error in what was to be checked\n"; !strings.HasSuffix(got.stdout, want) {
		t.Errorf("the output is %s\nwant %s", got.stdout, want)
	}
	if strings.Count(got.stderr, "\n") != 4 { // and the nested module
		t.Errorf("standard error is %q", got.stderr)
	}
}

func TestProtoJSON(t *testing.T) {
	dir := moduletest.Write(t, noModule+"-- proto/a.proto --\n"+misnamed+"-- proto/bad.proto --\nsyntax = \"proto3\";\n\tmessage {\n")
	got := runIn(t, dir, "-format=json")
	var doc struct {
		Findings []struct {
			Rule, File, Fingerprint          string
			Line, Column, EndLine, EndColumn int
		}
		Errors []struct {
			File         string
			Line, Column int
		}
		Stats struct{ ProtoFiles int }
	}
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Findings) != 1 || len(doc.Errors) != 1 || doc.Stats.ProtoFiles != 2 {
		t.Fatalf("got %s", got.stdout)
	}
	if f := doc.Findings[0]; f.File != "proto/a.proto" || f.Line != 3 || f.Column != 19 || f.EndLine != 3 || f.EndColumn != 32 {
		t.Errorf("the finding is %+v", f)
	}
	if e := doc.Errors[0]; e.File != "proto/bad.proto" || e.Line != 2 || e.Column != 10 {
		t.Errorf("the error is %+v", e)
	}
	// Lines may move.
	content("\n\n"+misnamed)(t, filepath.Join(dir, "proto", "a.proto"))
	if moved := runIn(t, dir, "-format=json"); !strings.Contains(moved.stdout, doc.Findings[0].Fingerprint) || !strings.Contains(moved.stdout, `"line": 5`) {
		t.Errorf("after a move got %s", moved.stdout)
	}
	if one, many := runIn(t, dir, "-format=json", "-j=1"), runIn(t, dir, "-format=json", "-j=8"); one.stdout != many.stdout {
		t.Errorf("-j changes %s\nto %s", one.stdout, many.stdout)
	}
}

func TestProtoText(t *testing.T) {
	dir := moduletest.Write(t, noModule+"-- a.proto --\n"+misnamed)
	got := runIn(t, dir)
	const want = `a.proto:3:19: error: silences nothing: there is no rule "etagg/missing" (nearest: etag/missing) [suppress/unknown]
    //grpclint:ignore etagg/missing not needed
                      ^~~~~~~~~~~~~
1 finding (1 error); 1 proto file
`
	got.stdout = strings.Replace(got.stdout, " (nearest: etag/missing)", "", 1) // once there is such a rule
	if got.stdout != strings.Replace(want, " (nearest: etag/missing)", "", 1) {
		t.Errorf("got %s\nwant %s", got.stdout, want)
	}
}

// Where imports start: by flag, configuration and buf's files.
func TestProtoRoots(t *testing.T) {
	const uses = "syntax = \"proto3\";\npackage shop;\nimport \"money/money.proto\";\nmessage Order { money.Money price = 1; }\n"
	const money = "syntax = \"proto3\";\npackage money;\nmessage Money { int64 units = 1; }\n"
	tests := []struct{ name, archive, args string }{
		{"found", "-- shop/order.proto --\n" + uses + "-- money/money.proto --\n" + money, ""},
		{"found elsewhere", "-- shop/order.proto --\n" + uses + "-- third_party/protos/money/money.proto --\n" + money, ""},
		{"flag", "-- shop/order.proto --\n" + uses + "-- _imports/money/money.proto --\n" + money, "-proto-path . -proto-path=_imports"},
		{"configuration", "-- shop/order.proto --\n" + uses + "-- _imports/money/money.proto --\n" + money + "-- .grpclint.yaml --\nproto: {roots: [., _imports]}\n", ""},
		{"buf.work.yaml", "-- shop/order.proto --\n" + uses + "-- _imports/money/money.proto --\n" + money + "-- buf.work.yaml --\nversion: v1\ndirectories: [shop, _imports]\n", ""},
		{"buf.yaml v2", "-- shop/order.proto --\n" + uses + "-- _imports/money/money.proto --\n" + money + "-- buf.yaml --\nversion: v2\nmodules: [{path: shop}, {path: _imports}]\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := moduletest.Write(t, noModule+test.archive)
			got := runIn(t, dir, strings.Fields(test.args)...)
			if got.status != 0 || got.stderr != "" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestProtoSettings(t *testing.T) {
	tests := []struct{ name, settings, want string }{
		{"default", "{}", `"severity": "error"`},
		{"severity", "rules: {suppress/unknown: warning}", `"severity": "warning"`},
		{"off", "rules: {suppress/unknown: off}", `"findings": []`},
		{"excluded", "exclude: [{path: \"api/**\", rules: [suppress], reason: generated}]", `"findings": []`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := moduletest.Write(t, noModule+"-- .grpclint.yaml --\n"+test.settings+"\n-- api/a.proto --\n"+misnamed)
			if got := runIn(t, dir, "-format=json"); !strings.Contains(got.stdout, test.want) || got.stderr != "" {
				t.Errorf("got %+v\nwant %s", got, test.want)
			}
		})
	}
}

// In a module the .proto files are checked beside the packages.
func TestProtosBesideGo(t *testing.T) {
	dir := moduletest.Write(t, module+"-- api/a.proto --\n"+misnamed)
	got := runIn(t, dir, "-tests=false")
	if want := unknownRule("api/a.proto") + ", " + nonpositive + ", " + missing; lines(got.stdout) != want || got.status != 1 {
		t.Errorf("got %+v, want %s", got, want)
	}
	if !strings.Contains(got.stdout, "2 of 3 packages use gRPC; 1 proto file\n") {
		t.Errorf("the output is %s", got.stdout)
	}
	// No package is below, which is no mistake then.
	for _, pattern := range []string{"./api", "api", "./api/...", "api/a.proto"} {
		if got := runIn(t, dir, pattern); got.status != 1 || lines(got.stdout) != unknownRule("api/a.proto") || got.stderr != "" {
			t.Errorf("%s: %+v", pattern, got)
		}
	}
}

// A generated file is not its reader's to change.
func TestGeneratedProto(t *testing.T) {
	dir := moduletest.Write(t, noModule+"-- a.proto --\n// Code generated by x. DO NOT EDIT.\n"+misnamed)
	if got := runIn(t, dir); got.status != 0 || lines(got.stdout) != "" {
		t.Errorf("got %+v", got)
	}
	if got := runIn(t, dir, "-generated"); got.status != 1 || lines(got.stdout) != "a.proto:4 suppress/unknown" {
		t.Errorf("got %+v", got)
	}
}

// Two trees with the same names are both checked.
func TestTwoProtoTrees(t *testing.T) {
	other := strings.Replace(misnamed, "name = 1", "title = 2", 1)
	dir := moduletest.Write(t, noModule+
		"-- one/shop/order.proto --\n"+misnamed+"-- one/shop/use.proto --\nsyntax = \"proto3\";\npackage shop;\nimport \"shop/order.proto\";\n"+
		"-- two/shop/order.proto --\n"+other+"-- two/shop/use.proto --\nsyntax = \"proto3\";\npackage shop;\nimport \"shop/order.proto\";\n"+
		"-- three/shop/order.proto --\n"+misnamed)
	got := runIn(t, dir)
	if want := unknownRule("one/shop/order.proto") + ", " + unknownRule("three/shop/order.proto") + ", " + unknownRule("two/shop/order.proto"); got.status != 1 || lines(got.stdout) != want {
		t.Errorf("got %+v, want %s", got, want)
	}
	if want := "grpclint: two/shop/order.proto:4:9: shop.Order is also defined in one/shop/order.proto: names are looked up there\n"; got.stderr != want {
		t.Errorf("standard error is %q, want %q", got.stderr, want)
	}
	if got := runIn(t, dir, "two/shop/order.proto", "one"); got.status != 1 {
		t.Errorf("named: %+v", got)
	}
}

func TestProtoFileGone(t *testing.T) {
	dir := moduletest.Write(t, noModule+"-- x.proto/a.proto --\n"+misnamed)
	if err := os.Symlink("nowhere", filepath.Join(dir, "link.proto")); err != nil {
		t.Skip(err)
	}
	if got := runIn(t, dir); got.status != 1 || lines(got.stdout) != unknownRule("x.proto/a.proto") || got.stderr != "" {
		t.Errorf("got %+v", got)
	}
	if got := runIn(t, dir, "x.proto"); got.status != 2 || !strings.Contains(got.stderr, "x.proto: is a folder") {
		t.Errorf("got %+v", got)
	}
}

const shop = `syntax = "proto3";
package shop;
message CreateOrderRequest {
  string customer = 1;
  int64 request_id = 2;
}
message Order { string name = 1; }
service Orders {
  rpc CreateOrder(CreateOrderRequest) returns (Order);
}
`

// A rule's finding stands at its place, and directives count as in Go.
func TestProtoRule(t *testing.T) {
	const token = "a.proto:5 idempotency/token-type"
	field := func(text string) string { return strings.Replace(shop, "  int64 request_id = 2;\n", text, 1) }
	tests := []struct {
		name, text, found string
		suppressed        bool
	}{
		{"plain", shop, token, false},
		{"ignored above", field("  //grpclint:ignore idempotency/token-type the server counts\n  int64 request_id = 2;\n"), "", true},
		{"ignored behind", field("  int64 request_id = 2; //grpclint:ignore idempotency the server counts\n"), "", true},
		{"ignored for the message", strings.Replace(shop, "message Create", "//grpclint:ignore idempotency/token-type the server counts\nmessage Create", 1), "", true},
		{"ignored for the file", shop + "//grpclint:file-ignore idempotency/token-type the server counts\n", "", true},
		{"no reason", field("  int64 request_id = 2; //grpclint:ignore idempotency/token-type\n"), "a.proto:5 suppress/no-reason", true},
		{"unused", field("  string request_id = 2; //grpclint:ignore idempotency/token-type it was a number once\n"), "a.proto:5 suppress/unused", false},
		{"nobody looked", field("  string request_id = 2; //grpclint:ignore deadline/missing why\n"), "", false},
		{"not for this line", field("  int64 request_id = 2;\n  string x = 3; //grpclint:ignore idempotency/token-type why\n"), token + ", a.proto:6 suppress/unused", false},
		{"imports missing", strings.Replace(field("  string request_id = 2; //grpclint:ignore idempotency/token-type why\n"), "message Order", "import \"nowhere.proto\";\nmessage Order", 1), "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := moduletest.Write(t, noModule+"-- a.proto --\n"+test.text)
			got := runIn(t, dir)
			if lines(got.stdout) != test.found {
				t.Errorf("got %s %s\nwant %s", got.stdout, got.stderr, test.found)
			}
			if suppressed := strings.Contains(got.stdout, "1 suppressed"); suppressed != test.suppressed {
				t.Errorf("the output is %s", got.stdout)
			}
		})
	}
	dir := moduletest.Write(t, noModule+"-- a.proto --\n"+shop)
	got := runIn(t, dir, "-format=json")
	for _, want := range []string{`"line": 5`, `"column": 3`, `"endColumn": 8`, `"newText": "string"`} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("there is no %s in %s", want, got.stdout)
		}
	}
	if got := runIn(t, dir, "-disable", "idempotency"); got.status != 0 || lines(got.stdout) != "" {
		t.Errorf("switched off: %+v", got)
	}
}
