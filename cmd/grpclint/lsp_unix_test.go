//go:build unix

package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/creachadair/jrpc2"
	"github.com/creachadair/jrpc2/channel"

	"github.com/grpclint/grpclint/internal/moduletest"
)

// A server that runs as editors run it finds what the program finds, and exits
// as the protocol wants, also in the middle of a check.
func TestLanguageServer(t *testing.T) {
	dir := moduletest.Write(t, module)
	cmd := grpclint(t, "lsp", "-tests=false")
	toServer, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	fromServer, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	type diagnostics struct {
		URI         string
		Diagnostics []struct{ Code string }
	}
	published := make(chan diagnostics, 10)
	client := jrpc2.NewClient(channel.LSP(fromServer, toServer), &jrpc2.ClientOptions{OnNotify: func(r *jrpc2.Request) {
		var d diagnostics
		if err := r.UnmarshalParams(&d); err == nil && r.Method() == "textDocument/publishDiagnostics" {
			published <- d
		}
	}})
	tell := func(method string, params any) {
		t.Helper()
		if err := client.Notify(context.Background(), method, params); err != nil {
			t.Fatal(err)
		}
	}
	root := map[string]any{"rootUri": "file://" + filepath.ToSlash(dir)}
	if _, err := client.Call(t.Context(), "initialize", root); err != nil {
		t.Fatal(err)
	}
	tell("initialized", struct{}{})
	got := <-published
	if len(got.Diagnostics) != 2 || got.Diagnostics[0].Code != "deadline/nonpositive" || got.Diagnostics[1].Code != "deadline/missing" {
		text, _ := json.Marshal(got)
		t.Errorf("published %s", text)
	}
	// What nobody has saved counts.
	text, err := os.ReadFile(filepath.Join(dir, "client", "client.go"))
	if err != nil {
		t.Fatal(err)
	}
	tell("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": got.URI, "languageId": "go", "version": 1, "text": string(text)}})
	more := string(text) + "\nfunc More(client pb.OrderServiceClient) { client.GetOrder(context.Background(), nil) }\n"
	tell("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": got.URI, "version": 2}, "contentChanges": []any{map[string]any{"text": more}}})
	for n := 2; n != 3; {
		if d := <-published; d.URI == got.URI {
			n = len(d.Diagnostics)
		}
	}
	document := map[string]any{"textDocument": map[string]any{"uri": got.URI}}
	tell("textDocument/didSave", document) // another check begins
	tell("exit", nil)
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != statusNoShutdown {
		t.Errorf("exit without shutdown: %v", err)
	}
}
