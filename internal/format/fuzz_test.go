package format

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/rule"
)

// hostile is a report whose source is given, and that says the text wherever
// it says something.
func hostile(path, text string, at lint.Range) *lint.Report {
	at.Path, at.File = path, text
	elsewhere := lint.Range{File: text, Line: 3, Column: 1, EndLine: 3, EndColumn: 1}
	report := &lint.Report{
		Findings: []lint.Finding{{
			Rule: rule.MustLookup("deadline/missing"), Severity: rule.Warning, Message: text, Range: at,
			Fingerprint: "v1:0", Method: text, Builds: []string{text},
			Related: []lint.Related{{Message: text, Range: at}, {Message: text, Range: elsewhere}},
			Fixes: []lint.Fix{{Message: text, Safe: true, Edits: []lint.Edit{
				{File: text, Path: path, Start: at.Column, End: at.EndColumn, NewText: text},
			}}},
		}},
		Errors: []lint.Error{{File: text, Line: 1, Package: text, Message: text}, {Pattern: text, Message: text, Found: true}},
		Stats:  lint.Stats{Packages: 3, GRPCPackages: 1},

		Methods:  new(serviceconfig.Methods),
		Handlers: []lint.Handler{{Method: text + "/" + text, Name: text, At: elsewhere, Sources: []lint.CodeSource{{Code: 5, What: text, At: elsewhere}, {Code: -1, Of: text, At: elsewhere}}}},
		Retries:  []lint.Retry{{Method: text + "/" + text, Codes: []int{5}, By: text, At: elsewhere}},
	}
	report.Methods.Add(serviceconfig.Service{Name: text, Methods: []serviceconfig.Method{
		{Name: text, Verdict: func() method.Verdict { return method.Verdict{Class: method.Safe} }},
	}})
	return report
}

var commandMark = regexp.MustCompile(`##[A-Za-z]*\[`)

// FuzzFormats: whatever bytes source lines, names and messages are made of,
// each format is what it is called, and a terminal and the log of a CI
// system show it without doing anything.
func FuzzFormats(f *testing.F) {
	for _, seed := range []string{
		"plain", "", "a\x1b[31mb\x07\x00\x7f\u009b2J", "a\r\n::error ::x\n\n", "  ::add-mask::x", "##[error]x ##vso[task.x]", "]]>--></code><script>\"'&",
		"\xff\xfe\xc3", "\u202eabc\u2066\u2028\ufeff\uffff\U000e0041", "漢字 é😀\te\u0301", "\x01{{.}}%0A%25",
	} {
		f.Add([]byte("package a\n"+seed+"\n"), seed, 2, 1, 2, 4)
		f.Add([]byte(seed), seed, 1, 3, 7, 2)
	}
	f.Add([]byte("x"), "x", -1, -5, 1<<40, 1<<40)
	path := filepath.Join(f.TempDir(), "a.go")
	f.Fuzz(func(t *testing.T, source []byte, text string, line, column, endLine, endColumn int) {
		if err := os.WriteFile(path, source, 0o666); err != nil {
			t.Fatal(err)
		}
		report := hostile(path, text, lint.Range{Line: line, Column: column, EndLine: endLine, EndColumn: endColumn})
		for _, format := range All() {
			var out bytes.Buffer
			if err := format.Write(&out, report, Options{}); err != nil {
				t.Fatalf("%s: %v", format.Name, err)
			}
			got := out.String()
			if !utf8.ValidString(got) {
				t.Errorf("%s: no UTF-8: %q", format.Name, got)
			}
			for line := range strings.SplitSeq(strings.ReplaceAll(got, "\t", ""), "\n") {
				if strings.ContainsFunc(line, visible.Hidden) || commandMark.MatchString(line) || format.Name != "github" && strings.HasPrefix(strings.TrimSpace(line), "::") {
					t.Errorf("%s: the line %q", format.Name, line)
				}
			}
			switch format.Name {
			case "json", "sarif", "gitlab":
				if !json.Valid(out.Bytes()) {
					t.Errorf("%s: no JSON:\n%s", format.Name, got)
				}
			case "checkstyle", "junit":
				decoder := xml.NewDecoder(&out)
				for {
					if _, err := decoder.Token(); errors.Is(err, io.EOF) {
						break
					} else if err != nil {
						t.Fatalf("%s: %v:\n%s", format.Name, err, got)
					}
				}
			case "github":
				if n := strings.Count(got, "\n"); n != len(report.Findings)+len(report.Errors) {
					t.Errorf("github: %d lines:\n%s", n, got)
				}
			case "html":
				for _, element := range []string{"details", "li", "p", "div", "span", "td", "code", "mark", "script"} {
					opened := len(regexp.MustCompile(`<`+element+`[ >]`).FindAllString(got, -1))
					if closed := strings.Count(got, "</"+element+">"); opened != closed {
						t.Errorf("html: %d <%s> and %d </%s>:\n%s", opened, element, closed, element, got)
					}
				}
			}
		}
	})
}
