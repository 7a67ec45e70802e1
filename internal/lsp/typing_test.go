package lsp

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/wholefile"
	"github.com/grpclint/grpclint/rule"
)

// A checker finds in a package, of a Go file, what its lines say:
//
//	// both NAME       is found by a glance and by the look at everything
//	// glance NAME     only by a glance: others take it back
//	// everything NAME only by the look at everything
//	// broken          cannot be checked
type checker struct {
	t        *testing.T
	path     string
	requests chan Request
	// hold has the look at everything wait until it is ended.
	hold bool
}

func (c *checker) check(ctx context.Context, request Request) (*lint.Report, error) {
	c.requests <- request
	text, err := request.Overlay.Read(c.path, wholefile.Text)
	if err != nil {
		c.t.Error(err)
	}
	if c.hold && request.Near == "" && strings.Contains(string(text), "wait") {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	report := new(lint.Report)
	for i, line := range strings.Split(string(text), "\n") {
		who, name, _ := strings.Cut(strings.TrimPrefix(line, "// "), " ")
		if who == "broken" {
			report.Errors = append(report.Errors, lint.Error{File: c.path, Line: i + 1, Message: "no Go"})
		}
		if who == "both" || who == "glance" && request.Near != "" || who == "everything" && request.Near == "" {
			report.Findings = append(report.Findings, lint.Finding{
				Rule: rule.MustLookup("deadline/missing"), Severity: rule.Warning, Message: name, Fingerprint: name,
				Range: lint.Range{Path: c.path, Line: i + 1, Column: 1, EndLine: i + 1, EndColumn: 3},
			})
		}
	}
	return report, nil
}

// shown is what is shown next of the file: names by lines.
func (c *client) shown() string {
	var names []string
	for _, d := range (<-c.published).Diagnostics {
		names = append(names, d.Message+"@"+string(rune('0'+d.Range.Start.Line)))
	}
	return strings.Join(names, " ")
}

func TestTyping(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "p", "p.go")
	checker := &checker{t: t, path: path, requests: make(chan Request, 100), hold: true}
	text := "package p\n// both a\n// glance b\n// everything c\n"
	saveIn(t, path, text)
	c := start(t, checker.check)
	c.request("initialize", initializeParams{RootURI: uriOf(dir)}, new(initializeResult))
	c.tell("initialized", struct{}{})
	want := func(what, want string) {
		t.Helper()
		if got := c.shown(); got != want {
			t.Errorf("%s: shown %q, want %q", what, got, want)
		}
	}
	next := func(near string) Request {
		t.Helper()
		request := <-checker.requests
		if request.Near != near {
			t.Errorf("asked for %q, want %q", request.Near, near)
		}
		return request
	}
	want("at first", "a@1 c@3")
	next("")
	c.tell("textDocument/didOpen", opening(path, text))
	listing := next("./p").Listing // to compare

	// A line above, and another mistake: what others take back is not shown, and
	// what only they know has moved.
	edited := strings.Replace(text, "\n", "\n// wait\n// both d\n", 1)
	c.tell("textDocument/didChange", editing(path, edited))
	want("a glance", "d@2 a@3 c@5")
	if request := next("./p"); string(request.Overlay[path]) != edited || request.Listing != listing {
		t.Errorf("glanced with %+v", request)
	}
	next("") // which waits

	// No Go at the moment: nothing changes. It has ended what was at work.
	c.tell("textDocument/didChange", editing(path, "package p\n// broken\n"))
	next("./p")
	// Actions are offered where the text is as it was checked.
	var actions []codeAction
	c.request("textDocument/codeAction", codeActionParams{textDocument{uriOf(path)}, span{position{1, 0}, position{9, 0}}}, &actions)
	if len(actions) != 0 {
		t.Errorf("actions: %+v", actions)
	}

	// Other imports: the go command is asked anew.
	c.tell("textDocument/didChange", editing(path, strings.Replace(text, "package p\n", "package p; import \"x\"\n", 1)))
	want("other imports", "a@1 c@3")
	if request := next("./p"); request.Listing == listing {
		t.Error("what the go command said is taken for true")
	}
	next("")
}
