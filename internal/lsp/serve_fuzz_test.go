package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

// FuzzServe: whatever a client says, in whatever order, the server answers in
// messages of the protocol, and ends when the client has gone.
func FuzzServe(f *testing.F) {
	dir := f.TempDir()
	path := filepath.Join(dir, "a.go")
	uri := uriOf(path)
	call := func(id int, method, params string) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`, id, method, params)
	}
	tell := func(method, params string) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","method":%q,"params":%s}`, method, params)
	}
	document := `{"textDocument":{"uri":"` + uri + `"},"position":{"line":1,"character":1},"range":{"start":{"line":0,"character":0},"end":{"line":-1,"character":99}}}`
	edit := `{"textDocument":{"uri":"` + uri + `","text":"package a"},"contentChanges":[{"text":"package a\n\n"}],"event":{"added":[{"uri":"` + uriOf(dir) + `"}],"removed":[]}}`
	able := `{"rootUri":"` + uriOf(dir) + `","capabilities":{"textDocument":{"diagnostic":{},"codeLens":{}},"workspace":{"diagnostics":{"refreshSupport":true}}}}`
	session := []string{
		call(1, "initialize", `{"rootUri":"`+uriOf(dir)+`","processId":1}`), tell("initialized", "{}"),
		tell("textDocument/didOpen", document), call(2, "textDocument/codeAction", document), call(3, "textDocument/hover", document),
		tell("textDocument/didChange", document), tell("textDocument/didSave", document), tell("textDocument/didClose", document),
		call(4, "shutdown", "null"), tell("exit", "null"),
	}
	f.Add([]byte("package a\n\n\tvar é = call()\n"), strings.Join(session, "\n"))
	f.Add([]byte("package a\n"), strings.Join([]string{
		call(1, "initialize", able), tell("textDocument/didOpen", edit), tell("textDocument/didChange", edit), call(2, "textDocument/diagnostic", document), call(3, "textDocument/codeLens", document),
		tell("workspace/didChangeWorkspaceFolders", edit), tell("workspace/didChangeWatchedFiles", "{}"), tell("textDocument/didClose", document), tell("exit", "null"),
	}, "\n"))
	f.Add([]byte("x"), `{"jsonrpc":"2.0","method":"textDocument/didChange","earams":{}}`)
	for _, message := range append(session, "[]", "null", "{", `{"id":1}`, call(1, "initialize", `{"rootUri":"untitled:x"}`), call(2, "textDocument/hover", `{"textDocument":{"uri":"file://%zz"}}`), "["+session[0]+","+session[1]+"]") {
		f.Add([]byte("x\xff\n"), message)
	}
	f.Fuzz(func(t *testing.T, text []byte, messages string) {
		save(t, path, string(text))
		check := func(context.Context, Request) (*lint.Report, error) {
			at := lint.Range{File: "a.go", Path: path, Line: 3, Column: 11, EndLine: 3, EndColumn: 17}
			return &lint.Report{
				Findings: []lint.Finding{{
					Rule: rule.MustLookup("deadline/missing"), Severity: rule.Warning, Message: "can hang", Range: at,
					Related: []lint.Related{{Message: "here", Range: lint.Range{File: "b.go", Path: filepath.Join(dir, "b.go"), Line: 1, Column: 1, EndLine: 1, EndColumn: 9}}},
					Fixes:   []lint.Fix{{Message: "Mend it", Edits: []lint.Edit{{File: "a.go", Path: path, Start: 3, End: 20}}}},
				}},
				Errors: []lint.Error{{File: "a.go", Line: 2, Column: 7, Message: "broken"}},
			}, nil
		}
		var in bytes.Buffer
		sender := newFrames(nil, nothingToClose{&in})
		for message := range strings.SplitSeq(messages, "\n") {
			if err := sender.Send([]byte(message)); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		_ = Serve(t.Context(), &in, nothingToClose{&out}, check, Surroundings{Alive: func(int) bool { return true }})
		receiver := newFrames(&out, nil)
		for {
			message, err := receiver.Recv()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || !json.Valid(message) {
				t.Fatalf("%q is no message: %v", message, err)
			}
		}
	})
}

type nothingToClose struct{ io.Writer }

func (nothingToClose) Close() error { return nil }
