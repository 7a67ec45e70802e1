package format

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

func sample(t *testing.T, source string) *lint.Report {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.go")
	if err := os.WriteFile(path, []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	at := lint.Range{File: "dir/a.go", Path: path, Line: 2, Column: 2, EndLine: 2, EndColumn: 6}
	return &lint.Report{
		Findings: []lint.Finding{{
			Rule: rule.MustLookup("deadline/missing"), Severity: rule.Warning, Message: "can <hang>", Range: at,
			Effect: finding.Ignored, Fingerprint: "v1:0",
			Related: []lint.Related{{Message: "here", Range: lint.Range{File: "x@v1.0.0/b.go", Line: 7, Column: 3, EndLine: 7, EndColumn: 4}}},
			Fixes:   []lint.Fix{{Message: "Mend it", Safe: true, Edits: []lint.Edit{{File: "dir/a.go", Start: 1, End: 2, NewText: "&"}}}},
		}},
		Errors: []lint.Error{{File: "dir/c.go", Line: 1, Message: "broken"}},
		Stats:  lint.Stats{Packages: 3, GRPCPackages: 1, Suppressed: 2},
	}
}

// The mark is below what it marks, whatever the line is made of.
func TestMark(t *testing.T) {
	for _, test := range []struct{ line, marked, shown, mark string }{
		{"\ta(b)", "b", "\ta(b)", "\t  ^"},
		{"漢字 = 名前()", "名前", "漢字 = 名前()", "       ^~~~"},
		{"😀 e\u0301 = call()", "call", "😀 e\u0301 = call()", "       ^~~~"},
		{"ｗ 👩\u200d💻()", "👩\u200d💻", "ｗ 👩\u200d💻()", "   ^~~~"},
		{"a\x1b[0m\xff = b", "b", `a\x1b[0m\xff = b`, "               ^"},
		{"a = \u202eb\x00c", "b\x00c", `a = \u202eb\x00c`, "          ^~~~~~"},
		{"::error ::a", "a", `\x3a:error ::a`, "             ^"},
		{"é\tb\r", "b", "é\tb", " \t^"},
	} {
		report := sample(t, "first\n"+test.line+"\n")
		f := &report.Findings[0]
		f.Column = strings.Index(test.line, test.marked) + 1
		f.EndColumn = f.Column + len(test.marked)
		lines := strings.Split(write(t, report, func(w io.Writer, r *lint.Report) error { return Text(w, r, Options{}) }), "\n")
		if lines[1] != "    "+test.shown || lines[2] != "    "+test.mark {
			t.Errorf("%q: got\n%s\n%s, want\n%s\n%s", test.line, lines[1], lines[2], "    "+test.shown, "    "+test.mark)
		}
	}
}

func TestText(t *testing.T) {
	report := sample(t, "first\n\tcall(é)\n")
	var out bytes.Buffer
	if err := Text(&out, report, Options{}); err != nil {
		t.Fatal(err)
	}
	want := "dir/a.go:2:2: warning: can <hang> [deadline/missing]\n" +
		"    \tcall(é)\n" +
		"    \t^~~~\n" +
		"    x@v1.0.0/b.go:7:3: here\n" +
		"1 finding (1 warning), 2 suppressed; 1 of 3 packages use gRPC; 1 error in what was to be checked\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}

	out.Reset()
	if err := Text(&out, report, Options{Color: true, Brief: true}); err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(out.String(), "\n")
	if want := "\x1b[1mdir/a.go:2:2:\x1b[0m \x1b[1;33mwarning:\x1b[0m can <hang> \x1b[2m[deadline/missing]\x1b[0m"; first != want {
		t.Errorf("in colour got %q, want %q", first, want)
	}
	if strings.Contains(out.String(), "suppressed") {
		t.Error("counts although only findings were asked for")
	}
}

// A cause that very many places have in common does not fill the screen.
func TestTextRelated(t *testing.T) {
	for n, last := range map[int]string{7: "x@v1.0.0/b.go:7:3: here", 8: "and 2 more places (-format=json has all)", 40: "and 34 more places (-format=json has all)"} {
		report := sample(t, "x\n\tcall()\n")
		report.Findings[0].Related = slices.Repeat(report.Findings[0].Related, n)
		lines := strings.Split(write(t, report, func(w io.Writer, r *lint.Report) error { return Text(w, r, Options{Brief: true}) }), "\n")
		if len(lines) != 3+7+1 || lines[len(lines)-2] != "    "+last {
			t.Errorf("%d places: %q", n, lines)
		}
	}
}

// Whatever the file looks like now, the finding is shown.
func TestTextSource(t *testing.T) {
	tests := []struct {
		name, source string
		change       func(*lint.Range)
		want         string
	}{
		{"several lines", "x\n\tcall(\n", func(r *lint.Range) { r.EndLine = 9 }, "    \tcall(\n    \t^~~~~\n"},
		{"blanks in front", "x\né\t call()\n", func(r *lint.Range) { r.Column, r.EndColumn = 5, 11 }, "    é\t call()\n     \t ^~~~~~\n"},
		{"empty range", "x\n\tcall()\n", func(r *lint.Range) { r.EndColumn = r.Column }, "    \tcall()\n    \t^\n"},
		{"windows", "x\r\n\tcall()\r\n", func(*lint.Range) {}, "    \tcall()\n    \t^~~~\n"},
		{"short line", "x\n\n", func(r *lint.Range) { r.Column = 5 }, ""},
		{"short file", "x", func(*lint.Range) {}, ""},
		{"no file", "x", func(r *lint.Range) { r.Path = "" }, ""},
		{"gone", "x", func(r *lint.Range) { r.Path += "gone" }, ""},
		{"long", "x\n" + strings.Repeat("a", 200) + "MARK" + strings.Repeat("b", 200), func(r *lint.Range) { r.Column, r.EndColumn = 201, 205 },
			"    ..." + strings.Repeat("a", 120) + "MARK" + strings.Repeat("b", 120) + "...\n" + strings.Repeat(" ", 127) + "^~~~\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			report := sample(t, test.source)
			report.Findings[0].Related = nil
			test.change(&report.Findings[0].Range)
			var out bytes.Buffer
			if err := Text(&out, report, Options{Brief: true}); err != nil {
				t.Fatal(err)
			}
			_, got, _ := strings.Cut(out.String(), "\n")
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	var out bytes.Buffer
	if err := JSON(&out, sample(t, "")); err != nil {
		t.Fatal(err)
	}
	const want = `{"version":1,"findings":[{"rule":"deadline/missing","severity":"warning","message":"can <hang>",` +
		`"file":"dir/a.go","line":2,"column":2,"endLine":2,"endColumn":6,` +
		`"url":"https://github.com/grpclint/grpclint/blob/main/docs/rules/deadline/missing.md","fingerprint":"v1:0","scope":"package","effect":"ignored",` +
		`"related":[{"message":"here","file":"x@v1.0.0/b.go","line":7,"column":3,"endLine":7,"endColumn":4}],` +
		`"fixes":[{"message":"Mend it","safe":true,"edits":[{"file":"dir/a.go","start":1,"end":2,"newText":"&"}]}]}],` +
		`"errors":[{"file":"dir/c.go","line":1,"column":0,"package":"","pattern":"","message":"broken"}],` +
		`"stats":{"packages":3,"grpcPackages":1,"protoFiles":0,"serviceConfigs":0,"manifests":0,"suppressed":2,"baselined":0,"retracted":0,"linked":0}}`
	var compact bytes.Buffer
	if err := json.Compact(&compact, out.Bytes()); err != nil {
		t.Fatal(err)
	}
	if compact.String() != want {
		t.Errorf("got\n%s\nwant\n%s", compact.String(), want)
	}
	if strings.Contains(out.String(), `\u003c`) {
		t.Error("escaped as for HTML")
	}

	out.Reset()
	if err := JSON(&out, new(lint.Report)); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "null") {
		t.Errorf("null in\n%s", out.String())
	}
}
