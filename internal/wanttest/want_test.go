package wanttest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

func TestParseWants(t *testing.T) {
	tests := []struct{ comment, want string }{
		{"// want \"a\" `b`", "3 a, 3 b"},
		{"//want \"a\"", "3 a"},
		{"/* want \"a\" */", "3 a"},
		{"// want+1 \"a\" // and so on", "error"},
		{"// want+1 \"a\"", "4 a"},
		{"// want-2 \"a\"", "1 a"},
		{"// related \"a\"", "3 related a"},
		{"// want \"a\" related \"b\"", "3 a, 3 related b"},
		{"//grpclint:ignore x y // want `z`", "3 z"},
		{"// want info \"a\" \"b\"", "3 info a, 3 b"},
		{"// want \"a\" warning `b` related \"c\"", "3 a, 3 warning b, 3 related c"},
		{"// want \"a\" loud \"b\"", "error"},
		{"// want \"a\" at `x(\"y\")` related \"b\" at `z`", "3 a at x(\"y\"), 3 related b at z"},
		{"// want at \"a\"", ""},
		{"// want info about it", ""},
		{"// want to be left alone", ""},
		{"// people want \"this\"", ""},
		{"// want \"(\"", "error"},
	}
	for _, test := range tests {
		wants, err := parseWants("a.go", []byte("package a\n\n"+test.comment+"\n"))
		var got []string
		for _, w := range wants {
			text := fmt.Sprint(w.line, " ")
			if w.related {
				text += "related "
			}
			if w.severity != 0 {
				text += w.severity.String() + " "
			}
			text += w.pattern.String()
			if w.source != "" {
				text += " at " + w.source
			}
			got = append(got, text)
		}
		text := strings.Join(got, ", ")
		if err != nil {
			text = "error"
		}
		if text != test.want {
			t.Errorf("%s: %s, want %s", test.comment, text, test.want)
		}
	}
}

func TestMeet(t *testing.T) {
	wants, err := parseWants("a.go", []byte("package a // want \"x\" \"x\" info \"l\" \"s\" at \"ctx\" related \"r\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	at := lint.Range{File: "a.go", Line: 1}
	elsewhere := lint.Range{File: "a.go", Line: 2}
	source := func() string { return "ctx" }
	for i, test := range []struct {
		found thing
		want  bool
	}{
		{thing{at, false, 0, "y", source}, false},
		{thing{elsewhere, false, 0, "x", source}, false},
		{thing{at, false, rule.Info, "x", source}, false},
		{thing{at, false, 0, "x [a/b]", source}, true},
		{thing{at, false, 0, "x [a/b]", source}, true},
		{thing{at, false, 0, "x [a/b]", source}, false}, // two were asked for
		{thing{at, false, 0, "l", source}, false},
		{thing{at, false, rule.Info, "l", source}, true},
		{thing{at, false, 0, "s", func() string { return "f(ctx)" }}, false},
		{thing{at, false, 0, "s", source}, true},
		{thing{at, true, 0, "r", source}, true},
		{thing{at, true, 0, "r", source}, true},
		{thing{at, true, 0, "x", source}, false},
	} {
		if got := meet(wants, test.found); got != test.want {
			t.Errorf("step %d: %t, want %t", i, got, test.want)
		}
	}
}

func TestProgramOf(t *testing.T) {
	for pkgPath, want := range map[string]string{
		"m/conn/leak":                         "m/conn/leak",
		"m/conn/leak_test":                    "m/conn/leak",
		"m/conn/leak/open":                    "m/conn/leak/open",
		"m/conn/leak/programs/one":            "m/conn/leak/programs/one",
		"m/conn/leak/programs/one/server":     "m/conn/leak/programs/one",
		"m/conn/leak/programs/one/server/in":  "m/conn/leak/programs/one",
		"m/conn/leak/programs/one/srv_test":   "m/conn/leak/programs/one",
		"m/conn/leak/programs/two/server":     "m/conn/leak/programs/two",
		"m/conn/leak/programs/two/programs/x": "m/conn/leak/programs/two",
	} {
		if got := programOf(pkgPath); got != want {
			t.Errorf("%s is part of %s, not %s", pkgPath, got, want)
		}
	}
}

func TestGoBlocks(t *testing.T) {
	const page = "## Incorrect\n\n```go\none\n```\n\ntext\n\n```json\n{}\n```\n\n```go\ntwo\n```\n\n## Correct\n\n```go\nthree\n```\n"
	if got := strings.Join(goBlocks(page, "Incorrect"), "|"); got != "one\n|two\n" {
		t.Errorf("incorrect blocks are %q", got)
	}
	if got := strings.Join(goBlocks(page, "Correct"), "|"); got != "three\n" {
		t.Errorf("correct blocks are %q", got)
	}
}

func TestComplete(t *testing.T) {
	const code = "func f(client pb.OrderServiceClient) { time := 1; _ = time; _ = context.TODO }\n"
	want := "package page\n\nimport context \"context\"\nimport pb \"example.com/testdata/stubs/orderpb\"\n\n" + code
	if got := complete(code); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := complete("package x\n"); got != "package x\n" {
		t.Errorf("a whole file became %q", got)
	}
}
