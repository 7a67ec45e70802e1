package lsp

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"github.com/creachadair/jrpc2"

	"github.com/grpclint/grpclint/internal/lint"
)

// A client that can do more than most is served in its ways.
func TestAbleClient(t *testing.T) {
	dir, path, check := workspace(t)
	handlers := func(ctx context.Context, request Request) (*lint.Report, error) {
		report, err := check(ctx, request)
		if err == nil {
			report.Handlers = []lint.Handler{{Method: "p.S/M", At: lint.Range{Path: path, Line: 3, Column: 2, EndLine: 3, EndColumn: 5}, Sources: []lint.CodeSource{{Code: 14}, {Code: 5}, {Code: 5}, {Code: -1}}}}
			report.Calls = []lint.RPCCall{{Method: "p.S/M"}, {Method: "p.S/M"}, {Method: "p.S/N"}}
		}
		return report, err
	}
	c := start(t, handlers)
	var params initializeParams
	params.RootURI = uriOf(dir)
	params.Capabilities.TextDocument.Diagnostic, params.Capabilities.TextDocument.CodeLens = &struct{}{}, &struct{}{}
	params.Capabilities.Workspace.Diagnostics.RefreshSupport = true
	params.Capabilities.Workspace.DidChangeWatchedFiles.DynamicRegistration = true
	params.Capabilities.Window.WorkDoneProgress = true
	var init initializeResult
	c.request("initialize", params, &init)
	if init.Capabilities.DiagnosticProvider == nil || init.Capabilities.CodeLensProvider == nil {
		t.Errorf("capabilities: %+v", init.Capabilities)
	}
	c.tell("textDocument/didOpen", opening(path, text))
	c.tell("initialized", struct{}{})
	var asked []string
	for range 3 {
		asked = append(asked, <-c.asked)
	}
	slices.Sort(asked)
	if !slices.Equal(asked, []string{"client/registerCapability", "window/workDoneProgress/create", "workspace/diagnostic/refresh"}) {
		t.Errorf("the server asked for %q", asked)
	}
	// It is not told of what it asks for itself.
	if got := c.receive(1); got[uriOf(path)].URI != "" {
		t.Errorf("published %+v", got)
	}
	var pulled documentDiagnosticReport
	c.request("textDocument/diagnostic", document(path), &pulled)
	if pulled.Kind != "full" || len(pulled.Items) != 1 || pulled.Items[0].Range != atCall {
		t.Errorf("pulled %+v", pulled)
	}
	c.request("textDocument/diagnostic", document(filepath.Join(dir, "other.go")), &pulled)
	if pulled.Kind != "full" || len(pulled.Items) != 0 {
		t.Errorf("pulled %+v of another document", pulled)
	}
	var lenses []codeLens
	c.request("textDocument/codeLens", document(path), &lenses)
	if len(lenses) != 1 || lenses[0].Command.Title != "returns NotFound, Unavailable, called in 2 places" || lenses[0].Range.Start != (position{2, 1}) {
		t.Errorf("lenses: %+v", lenses)
	}
	// Closed, it has to be told.
	c.tell("textDocument/didClose", document(path))
	if got := c.receive(1)[uriOf(path)]; len(got.Diagnostics) != 1 {
		t.Errorf("after closing: %+v", got)
	}
}

// One that does not want to see more over its handlers.
func TestWithoutLenses(t *testing.T) {
	params := initializeParams{Options: []byte(`{"codeLens": false}`)}
	params.Capabilities.TextDocument.CodeLens = &struct{}{}
	if abilitiesOf(params).lenses {
		t.Error("lenses are shown")
	}
	params.Options = []byte(`["somebody else's"]`)
	if !abilitiesOf(params).lenses {
		t.Error("no lenses are shown")
	}
}

// Folders come and go, and files on disk change.
func TestFolders(t *testing.T) {
	dirs := []string{t.TempDir(), t.TempDir()}
	checked := make(chan string, 100)
	c := start(t, func(_ context.Context, request Request) (*lint.Report, error) {
		checked <- request.Dir
		return new(lint.Report), nil
	})
	c.request("initialize", initializeParams{WorkspaceFolders: []workspaceFolder{{URI: uriOf(dirs[0])}}}, new(initializeResult))
	c.tell("initialized", struct{}{})
	want := func(what string, want ...string) {
		t.Helper()
		for _, dir := range want {
			if got := <-checked; got != dir {
				t.Errorf("%s: checked %s, want %s", what, got, dir)
			}
		}
	}
	want("at first", dirs[0])
	var change didChangeWorkspaceFoldersParams
	change.Event.Added, change.Event.Removed = []workspaceFolder{{URI: uriOf(dirs[1])}, {URI: "untitled:1"}}, []workspaceFolder{{URI: uriOf(dirs[0])}}
	c.tell("workspace/didChangeWorkspaceFolders", change)
	want("another folder", dirs[1])
	c.tell("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{}})
	want("a file has changed", dirs[1])
	c.tell("workspace/didChangeConfiguration", map[string]any{"settings": nil})
	want("settings have changed", dirs[1])
}

// A file that is opened alone is checked with its module.
func TestSingleFile(t *testing.T) {
	dir := t.TempDir()
	save(t, filepath.Join(dir, "go.mod"), "module m\n")
	path := filepath.Join(dir, "p", "p.go")
	saveIn(t, path, text)
	checked := make(chan string, 100)
	c := start(t, func(_ context.Context, request Request) (*lint.Report, error) {
		checked <- request.Dir
		return new(lint.Report), nil
	})
	c.request("initialize", initializeParams{}, new(initializeResult))
	c.tell("initialized", struct{}{})
	c.tell("textDocument/didOpen", opening(path, text))
	if got := <-checked; got != dir {
		t.Errorf("checked %s, want %s", got, dir)
	}
}

// answers has the client say yes to whatever the server asks for.
func answers(asked chan string) func(context.Context, *jrpc2.Request) (any, error) {
	return func(_ context.Context, r *jrpc2.Request) (any, error) {
		asked <- r.Method()
		return nil, nil
	}
}
