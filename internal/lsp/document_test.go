package lsp

import "testing"

func TestShift(t *testing.T) {
	const before = "a\nb\nc\nd\n"
	for _, test := range []struct {
		after string
		want  [4]int // where lines 0 to 3 are; -1 if they were edited
	}{
		{before, [4]int{0, 1, 2, 3}},
		{"x\n" + before, [4]int{1, 2, 3, 4}},
		{"a\nb\nx\ny\nc\nd\n", [4]int{0, 1, 4, 5}},
		{"a\nd\n", [4]int{0, -1, -1, 1}},
		{"a\nb\nC\nd\n", [4]int{0, 1, -1, 3}},
		{"", [4]int{-1, -1, -1, -1}},
	} {
		s := shiftOf(before, test.after)
		for line, want := range test.want {
			got, ok := s.line(line)
			if !ok {
				got = -1
			}
			if got != want {
				t.Errorf("%q: line %d is at %d, want %d", test.after, line, got, want)
			}
		}
	}
	if _, ok := shiftOf(before, "a\nb\nx\nc\nd\n").span(span{position{1, 0}, position{2, 0}}); ok {
		t.Error("a range with an edit inside is where it was")
	}
}

func TestHead(t *testing.T) {
	const text = "//go:build linux\n\npackage p\n\nimport \"a\"\n\n//go:embed x.json\nvar x string\n"
	for other, same := range map[string]bool{
		text + "func f() {":                   true, // nobody has closed it yet
		"// Package p.\n" + text:              true,
		"//go:build darwin" + text[16:]:       false,
		text[:18] + "package q\n" + text[28:]: false,
		text[:29] + "import \"b\"\n":          false,
		text[:29]:                             false,
		"package p\nimport (\n":               false,
	} {
		if (headOf(text) == headOf(other)) != same {
			t.Errorf("%q: the same head: %t", other, !same)
		}
	}
}
