package lsp

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/creachadair/jrpc2"
	"github.com/creachadair/jrpc2/channel"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/sourcetext"
	"github.com/grpclint/grpclint/internal/wholefile"
	"github.com/grpclint/grpclint/rule"
)

// A client is an editor.
type client struct {
	*jrpc2.Client
	t         *testing.T
	published chan publishDiagnosticsParams
	logged    chan string
	asked     chan string // what the server asks for
	ended     chan error
	ticks     chan time.Time
	died      *atomic.Bool
}

// editor is the process of the client.
const editor = 7

func start(t *testing.T, check Check) *client {
	t.Helper()
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	c := &client{t: t, published: make(chan publishDiagnosticsParams, 100), logged: make(chan string, 100), asked: make(chan string, 100), ended: make(chan error, 1)}
	c.ticks, c.died = make(chan time.Time), new(atomic.Bool)
	around := Surroundings{Alive: func(pid int) bool { return pid == editor && !c.died.Load() }, Ticks: c.ticks, Rest: func(context.Context) {}, Folder: t.TempDir()}
	go func() { c.ended <- Serve(t.Context(), toServer, fromServer, check, around) }()
	c.Client = jrpc2.NewClient(channel.LSP(toClient, fromClient), &jrpc2.ClientOptions{OnCallback: answers(c.asked), OnNotify: func(r *jrpc2.Request) {
		switch r.Method() {
		case "textDocument/publishDiagnostics":
			var params publishDiagnosticsParams
			if err := r.UnmarshalParams(&params); err != nil {
				t.Error(err)
			}
			c.published <- params
		case "window/logMessage":
			var params logMessageParams
			if err := r.UnmarshalParams(&params); err != nil {
				t.Error(err)
			}
			c.logged <- params.Message
		}
	}})
	t.Cleanup(func() { c.Close() })
	return c
}

func (c *client) request(method string, params, result any) {
	c.t.Helper()
	if err := c.CallResult(c.t.Context(), method, params, result); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
}

func (c *client) tell(method string, params any) {
	c.t.Helper()
	if err := c.Notify(c.t.Context(), method, params); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
}

// receive waits for the diagnostics of n documents, in whatever order the
// client hands them out.
func (c *client) receive(n int) map[string]publishDiagnosticsParams {
	got := make(map[string]publishDiagnosticsParams)
	for range n {
		params := <-c.published
		got[params.URI] = params
	}
	return got
}

func opening(path, text string) map[string]any {
	return map[string]any{"textDocument": map[string]any{"uri": uriOf(path), "text": text, "languageId": "go", "version": 1}}
}

func editing(path, text string) map[string]any {
	return map[string]any{"textDocument": map[string]any{"uri": uriOf(path), "version": 2}, "contentChanges": []map[string]any{{"text": text}}}
}

func document(path string) textDocumentParams { return textDocumentParams{textDocument{uriOf(path)}} }

// The text has a letter of two bytes and one of four, which are one and two
// UTF-16 code units, before the finding.
const text = "package a\n\n\tvar é, b = \"😀\", call()\n"

// workspace has a file with a finding at call, as long as it says "call".
func workspace(t *testing.T) (dir, path string, check Check) {
	dir = t.TempDir()
	path = filepath.Join(dir, "a b.go")
	save(t, path, text)
	return dir, path, func(_ context.Context, request Request) (*lint.Report, error) {
		if request.Dir != dir {
			t.Errorf("checked %s", request.Dir)
		}
		now, err := request.Overlay.Read(path, wholefile.Text)
		if err != nil {
			return nil, err
		}
		start := strings.Index(string(now), "call()")
		if start < 0 {
			return new(lint.Report), nil
		}
		line := strings.Split(string(now), "\n")[2]
		column := strings.Index(line, "call()") + 1
		return &lint.Report{
			Findings: []lint.Finding{{
				Rule: rule.MustLookup("deadline/missing"), Severity: rule.Warning, Message: "can hang",
				Range:   lint.Range{File: "a b.go", Path: path, Line: 3, Column: column, EndLine: 3, EndColumn: column + len("call()")},
				Related: []lint.Related{{Message: "here", Range: lint.Range{File: "x/y.go", Line: 1, Column: 1, EndLine: 1, EndColumn: 1}}},
				Fixes:   []lint.Fix{{Message: "Mend it", Safe: true, Edits: []lint.Edit{{Path: path, Start: start, End: start + len("call"), NewText: "mended"}}}},
			}},
			Errors: []lint.Error{{File: "broken.proto", Line: 2, Column: 3, Message: "syntax error"}, {Package: "x", Message: "does not build"}},
		}, nil
	}
}

func save(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

var atCall = span{position{2, 18}, position{2, 24}}

func TestSession(t *testing.T) {
	dir, path, check := workspace(t)
	c := start(t, check)
	var init initializeResult
	c.request("initialize", initializeParams{RootURI: uriOf(dir)}, &init)
	if !init.Capabilities.HoverProvider || !init.Capabilities.TextDocumentSync.Save || !slices.Contains(init.Capabilities.CodeActionProvider.Kinds, quickFix) {
		t.Errorf("capabilities: %+v", init.Capabilities)
	}
	c.tell("initialized", struct{}{})

	published := c.receive(2)
	got := published[uriOf(path)]
	if got.URI != uriOf(path) || !strings.HasSuffix(got.URI, "/a%20b.go") || len(got.Diagnostics) != 1 {
		t.Fatalf("published %+v", got)
	}
	d := got.Diagnostics[0]
	if d.Range != atCall || d.Severity != severityWarning || d.Code != "deadline/missing" || d.Message != "can hang" || d.Source != "grpclint" ||
		!strings.HasSuffix(d.CodeDescription.Href, "deadline/missing.md") || d.Related != nil {
		t.Errorf("diagnostic: %+v", d)
	}
	if broken := published[uriOf(filepath.Join(dir, "broken.proto"))]; len(broken.Diagnostics) != 1 || broken.Diagnostics[0].Range.Start != (position{1, 2}) || broken.Diagnostics[0].Message != "not checked: syntax error" {
		t.Errorf("broken file: %+v", broken)
	}
	logged := []string{<-c.logged, <-c.logged}
	slices.Sort(logged)
	if !slices.Equal(logged, []string{"grpclint: broken.proto: syntax error", "grpclint: x: does not build"}) {
		t.Errorf("logged %q", logged)
	}

	var actions []codeAction
	cursor := span{position{2, 19}, position{2, 19}}
	c.request("textDocument/codeAction", codeActionParams{textDocument{uriOf(path)}, cursor}, &actions)
	if len(actions) != 2 {
		t.Fatalf("actions: %+v", actions)
	}
	if edit := actions[0].Edit.Changes[uriOf(path)][0]; actions[0].Title != "Mend it" || !actions[0].IsPreferred || edit.NewText != "mended" || edit.Range != (span{position{2, 18}, position{2, 22}}) {
		t.Errorf("fix: %+v", actions[0])
	}
	if edit := actions[1].Edit.Changes[uriOf(path)][0]; edit.NewText != "\t//grpclint:ignore deadline/missing \n" || edit.Range != (span{position{2, 0}, position{2, 0}}) {
		t.Errorf("ignore: %+v", actions[1])
	}
	c.request("textDocument/codeAction", codeActionParams{textDocument{uriOf(path)}, span{position{0, 0}, position{1, 0}}}, &actions)
	if len(actions) != 0 {
		t.Errorf("actions elsewhere: %+v", actions)
	}

	var shown *hover
	c.request("textDocument/hover", positionParams{textDocument{uriOf(path)}, cursor.Start}, &shown)
	if shown == nil || shown.Contents.Kind != "markdown" || !strings.Contains(shown.Contents.Value, rule.MustLookup("deadline/missing").Page()) || shown.Range != atCall {
		t.Errorf("hover: %+v", shown)
	}
	shown = nil
	c.request("textDocument/hover", positionParams{textDocument{uriOf(path)}, position{0, 0}}, &shown)
	if shown != nil {
		t.Errorf("hover elsewhere: %+v", shown)
	}

	// Typed, without the mistake: the diagnostics go away.
	mended := strings.Replace(text, "call()", "mended()", 1)
	c.tell("textDocument/didOpen", opening(path, text))
	c.tell("textDocument/didChange", editing(path, mended))
	for _, got := range c.receive(2) {
		if len(got.Diagnostics) != 0 {
			t.Errorf("after an edit: %+v", got)
		}
	}
	// Closed without being saved: they come back.
	c.tell("textDocument/didClose", document(path))
	for _, got := range c.receive(2) {
		if len(got.Diagnostics) != 1 {
			t.Errorf("after closing: %+v", got)
		}
	}
	// Saved without the mistake.
	save(t, path, mended)
	c.tell("textDocument/didSave", document(path))
	for _, got := range c.receive(2) {
		if len(got.Diagnostics) != 0 {
			t.Errorf("after saving: %+v", got)
		}
	}

	var result any
	c.request("shutdown", nil, &result)
	c.tell("exit", nil)
	if err := <-c.ended; err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// A client that exits without a shutdown, in the middle of a check.
func TestExit(t *testing.T) {
	dir, _, _ := workspace(t)
	checking := make(chan bool)
	c := start(t, func(ctx context.Context, _ Request) (*lint.Report, error) {
		checking <- true
		<-ctx.Done()
		return nil, ctx.Err()
	})
	c.request("initialize", initializeParams{RootURI: uriOf(dir)}, new(initializeResult))
	c.tell("initialized", struct{}{})
	<-checking
	c.tell("exit", nil)
	if err := <-c.ended; err != ErrNoShutdown {
		t.Errorf("the server ended with %v", err)
	}
}

// A client that has died, while somebody else holds its end of the pipe.
func TestClientDied(t *testing.T) {
	dir, _, check := workspace(t)
	c := start(t, check)
	pid := editor
	c.request("initialize", initializeParams{ProcessID: &pid, RootURI: uriOf(dir)}, new(initializeResult))
	c.ticks <- time.Time{}
	c.ticks <- time.Time{} // it was alive at the first
	c.died.Store(true)
	var err error
	select {
	case c.ticks <- time.Time{}:
		err = <-c.ended
	case err = <-c.ended: // it looked behind the second tick, and late
	}
	if err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// One that is not a process of this machine is not watched.
func TestClientElsewhere(t *testing.T) {
	dir, _, check := workspace(t)
	c := start(t, check)
	pid := editor + 1
	c.request("initialize", initializeParams{ProcessID: &pid, RootURI: uriOf(dir)}, new(initializeResult))
	var result any
	for range 100 { // who watches looks at the time meanwhile
		select {
		case c.ticks <- time.Time{}:
			t.Fatal("it is watched")
		default:
		}
		c.request("shutdown", nil, &result)
	}
	c.tell("exit", nil)
	if err := <-c.ended; err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// What is no message ends the server.
func TestNoMessage(t *testing.T) {
	toServer, fromClient := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- Serve(t.Context(), toServer, new(writer), nil, Surroundings{}) }()
	if _, err := fromClient.Write([]byte("Content-Length: 99999999999\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "a message of more than") {
		t.Errorf("the server ended with %v", err)
	}
}

// Where a directive goes: above what is to be ignored, and never into it.
func TestIgnorePlace(t *testing.T) {
	const source = "package a\n\nconst (\n\tconfig = `{\n  \"a\": 1,\n` + `\n}`\n)\n\n/* a\n b */ var x = f(\n\t`1`, `\n`)\n"
	file := filepath.Join(t.TempDir(), "a.go")
	save(t, file, source)
	for line, want := range map[int]int{4: 4, 5: 4, 6: 4, 7: 4, 8: 8, 11: 10, 12: 12, 13: 12, 14: 14} {
		f := &lint.Finding{Rule: rule.MustLookup("serviceconfig/duration"), Range: lint.Range{File: "a.go", Path: file, Line: line}}
		edit, ok := ignore(make(sourcetext.Files), f)
		if !ok {
			t.Errorf("line %d: no edit", line)
			continue
		}
		if at := edit.Changes[uriOf(file)][0].Range.Start.Line + 1; at != want {
			t.Errorf("line %d: above line %d, want %d", line, at, want)
		}
	}
	f := &lint.Finding{Rule: rule.MustLookup("serviceconfig/duration"), Range: lint.Range{File: "a.json", Path: filepath.Join(filepath.Dir(file), "a.json"), Line: 1}}
	save(t, f.Path, "{}\n")
	if _, ok := ignore(make(sourcetext.Files), f); ok {
		t.Error("JSON has no comments")
	}
	for name, want := range map[string]string{"a.yaml": "  # grpclint:ignore deploy/retry-on \n", "nginx.conf": "  # grpclint:ignore deploy/retry-on \n", "Dockerfile": "  # grpclint:ignore deploy/retry-on \n", "a.json": ""} {
		f := &lint.Finding{Rule: rule.MustLookup("deploy/retry-on"), Range: lint.Range{File: name, Path: filepath.Join(t.TempDir(), name), Line: 2}}
		save(t, f.Path, "a:\n  b: c\n")
		edit, ok := ignore(make(sourcetext.Files), f)
		if ok != (want != "") || ok && edit.Changes[uriOf(f.Path)][0].NewText != want {
			t.Errorf("%s: %v, %+v", name, ok, edit)
		}
	}
}

// A client that goes away without a word ends the server.
func TestClientGone(t *testing.T) {
	dir, _, check := workspace(t)
	c := start(t, check)
	c.request("initialize", initializeParams{WorkspaceFolders: []workspaceFolder{{URI: uriOf(dir)}}}, new(initializeResult))
	c.Close()
	if err := <-c.ended; err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

func TestProblems(t *testing.T) {
	dir := t.TempDir()
	c := start(t, func(context.Context, Request) (*lint.Report, error) { return nil, errors.New("bad configuration") })
	c.request("initialize", initializeParams{WorkspaceFolders: []workspaceFolder{{URI: "untitled:1"}, {URI: uriOf(dir)}}}, new(initializeResult))
	if err := c.CallResult(context.Background(), "textDocument/hover", positionParams{textDocument{"untitled:1"}, position{}}, new(hover)); err == nil {
		t.Error("a document that is not on disk was accepted")
	}
	c.tell("initialized", struct{}{})
	if got := <-c.logged; got != "grpclint: bad configuration" {
		t.Errorf("logged %q", got)
	}
}

func saveIn(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	save(t, path, text)
}
