package serviceconfig

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzParse holds the parser against encoding/json: the same texts are JSON,
// every value is where it is said to be, and strings have the same value.
func FuzzParse(f *testing.F) {
	for _, src := range []string{
		`{}`, ` [1, -0.5e+3, "\u00e9\ud800\ud83d\ude00", true, false, null, {"a": {"a": []}, "a": 1}] `, "\"\xff\"", `{"a":1,}`, `[1 2]`, "[1]//", `{'a':1}`,
		"\ufeff{}", "\xff\xfe{\x00", "{\x00}\x00", "", " ", "nul", `"a`, `"\x"`, "01", "-", "1.", "[[[", "]", `{"a"}`, `{"a":}`, "\x00", "\"\x7f\"", "\"\x1f\"",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		root, err := parse([]byte(src))
		if (err == nil) != json.Valid([]byte(src)) {
			t.Fatalf("%v; valid is %v", err, json.Valid([]byte(src)))
		}
		if err != nil {
			syntax, ok := err.(*SyntaxError)
			if !ok || syntax.Offset < 0 || syntax.Offset > len(src) || syntax.Message == "" || strings.Contains(syntax.Message, "\n") {
				t.Fatalf("error %#v", err)
			}
			return
		}
		checkNode(t, src, root)
	})
}

func checkNode(t *testing.T, src string, n *node) {
	t.Helper()
	raw := []byte(src[n.start:n.end])
	if !json.Valid(raw) || strings.TrimSpace(string(raw)) != string(raw) {
		t.Fatalf("%d to %d is %q", n.start, n.end, raw)
	}
	if n.kind == text {
		var want string
		if err := json.Unmarshal(raw, &want); err != nil || want != n.text {
			t.Fatalf("%s is %q, want %q (%v)", raw, n.text, want, err)
		}
	}
	for _, m := range n.members {
		checkNode(t, src, m.key)
		checkNode(t, src, m.value)
	}
	for _, e := range n.elements {
		checkNode(t, src, e)
	}
}

func TestDepth(t *testing.T) {
	for _, depth := range []int{1, 100, maxDepth - 1, maxDepth, maxDepth + 1, maxDepth + 2, 1_000_000} {
		for _, brackets := range [][2]string{{"[", "]"}, {`{"a":`, "}"}} {
			src := strings.Repeat(brackets[0], depth)
			if brackets[0] != "[" {
				src += "1"
			}
			src += strings.Repeat(brackets[1], depth)
			_, err := parse([]byte(src))
			if (err == nil) != json.Valid([]byte(src)) {
				t.Errorf("depth %d of %s: %v; valid is %v", depth, brackets[0], err, json.Valid([]byte(src)))
			}
			if err != nil && !strings.Contains(err.Error(), "levels deep") {
				t.Errorf("depth %d: %v", depth, err)
			}
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	tests := []struct {
		name, src, want string
		offset          int
	}{
		{"empty", "", "it is empty; an empty config is {}", 0},
		{"blank", " \n", "it is blank; an empty config is {}", 0},
		{"byte order mark", "\ufeff{}", "it begins with a byte order mark, which JSON does not allow", 0},
		{"UTF-16, little end first, marked", "\xff\xfe{\x00}\x00", "it is UTF-16; JSON is UTF-8", 0},
		{"UTF-16, big end first, marked", "\xfe\xff\x00{\x00}", "it is UTF-16; JSON is UTF-8", 0},
		{"UTF-16, little end first", "{\x00}\x00", "it is UTF-16; JSON is UTF-8", 0},
		{"UTF-16, big end first", "\x00{\x00}", "it is UTF-16; JSON is UTF-8", 0},
		{"comment before", "// c\n{}", "JSON has no comments", 0},
		{"comment inside", `{"a": 1, // c` + "\n}", "JSON has no comments", 9},
		{"comment block", `{/* c */}`, "JSON has no comments", 1},
		{"comment after", `{} // c`, "JSON has no comments", 3},
		{"YAML comment", "# c\n{}", "JSON has no comments", 0},
		{"trailing comma in an object", `{"a": 1, }`, "JSON has no comma after the last item", 7},
		{"trailing comma in a list", `[1,]`, "JSON has no comma after the last item", 2},
		{"trailing comma of the document", `{},`, "more text after the document's end: ','", 2},
		{"two documents", `{} {}`, "more text after the document's end: '{'", 3},
		{"single quotes", `{'a': 1}`, "JSON strings stand in double quotes", 1},
		{"cut off", `{"a": `, "it ends in the middle of a value", 6},
		{"cut off in a string", `{"a`, "it ends in the middle of a value", 3},
		{"YAML", "methodConfig:\n- name: []", "unexpected 'm'", 0},
		{"not text", "{\xff", "unexpected byte 0xff", 1},
		{"a missing comma", `{"a": 1 "b": 2}`, `unexpected '"'`, 8},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := parse([]byte(test.src))
			syntax, ok := err.(*SyntaxError)
			if !ok {
				t.Fatalf("error %v", err)
			}
			if syntax.Message != test.want || syntax.Offset != test.offset {
				t.Errorf("%q at %d, want %q at %d", syntax.Message, syntax.Offset, test.want, test.offset)
			}
		})
	}
}
