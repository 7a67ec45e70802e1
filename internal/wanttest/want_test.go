package wanttest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/lint"
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
			got = append(got, text+w.pattern.String())
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
	wants, err := parseWants("a.go", []byte("package a // want \"x\" \"x\" related \"r\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	at := lint.Range{File: "a.go", Line: 1}
	elsewhere := lint.Range{File: "a.go", Line: 2}
	for i, test := range []struct {
		at      lint.Range
		related bool
		text    string
		want    bool
	}{
		{at, false, "y", false},
		{elsewhere, false, "x", false},
		{at, false, "x [a/b]", true},
		{at, false, "x [a/b]", true},
		{at, false, "x [a/b]", false}, // two were asked for
		{at, true, "r", true},
		{at, true, "r", true},
		{at, true, "x", false},
	} {
		if got := meet(wants, test.at, test.related, test.text); got != test.want {
			t.Errorf("step %d: %t, want %t", i, got, test.want)
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
