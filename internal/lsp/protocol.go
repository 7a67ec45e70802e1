package lsp

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
)

// The types below are the part of the Language Server Protocol 3.17 that the
// server speaks.
// https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
type (
	initializeParams struct {
		ProcessID        *int              `json:"processId"`
		RootURI          string            `json:"rootUri"`
		WorkspaceFolders []workspaceFolder `json:"workspaceFolders"`
	}
	workspaceFolder struct {
		URI  string `json:"uri"`
		Name string `json:"name"`
	}
	initializeResult struct {
		Capabilities serverCapabilities `json:"capabilities"`
		ServerInfo   serverInfo         `json:"serverInfo"`
	}
	serverInfo struct {
		Name string `json:"name"`
	}
	serverCapabilities struct {
		TextDocumentSync   textDocumentSync  `json:"textDocumentSync"`
		HoverProvider      bool              `json:"hoverProvider"`
		CodeActionProvider codeActionOptions `json:"codeActionProvider"`
	}
	textDocumentSync struct {
		OpenClose bool `json:"openClose"`
		Change    int  `json:"change"`
		Save      bool `json:"save"`
	}
	codeActionOptions struct {
		Kinds []string `json:"codeActionKinds"`
	}

	textDocument struct {
		URI string `json:"uri"`
	}
	textDocumentParams struct {
		TextDocument textDocument `json:"textDocument"`
	}
	positionParams struct {
		TextDocument textDocument `json:"textDocument"`
		Position     position     `json:"position"`
	}
	codeActionParams struct {
		TextDocument textDocument `json:"textDocument"`
		Range        span         `json:"range"`
	}

	// A position counts lines and UTF-16 code units from 0.
	position struct {
		Line      int `json:"line"`
		Character int `json:"character"`
	}
	span struct {
		Start position `json:"start"`
		End   position `json:"end"`
	}
	location struct {
		URI   string `json:"uri"`
		Range span   `json:"range"`
	}

	publishDiagnosticsParams struct {
		URI         string       `json:"uri"`
		Diagnostics []diagnostic `json:"diagnostics"`
	}
	diagnostic struct {
		Range           span                 `json:"range"`
		Severity        int                  `json:"severity"`
		Code            string               `json:"code,omitempty"`
		CodeDescription *codeDescription     `json:"codeDescription,omitempty"`
		Source          string               `json:"source"`
		Message         string               `json:"message"`
		Related         []relatedInformation `json:"relatedInformation,omitempty"`
	}
	codeDescription struct {
		Href string `json:"href"`
	}
	relatedInformation struct {
		Location location `json:"location"`
		Message  string   `json:"message"`
	}

	codeAction struct {
		Title       string        `json:"title"`
		Kind        string        `json:"kind"`
		Diagnostics []diagnostic  `json:"diagnostics"`
		IsPreferred bool          `json:"isPreferred,omitempty"`
		Edit        workspaceEdit `json:"edit"`
	}
	workspaceEdit struct {
		Changes map[string][]textEdit `json:"changes"`
	}
	textEdit struct {
		Range   span   `json:"range"`
		NewText string `json:"newText"`
	}

	hover struct {
		Contents markupContent `json:"contents"`
		Range    span          `json:"range"`
	}
	markupContent struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	}

	logMessageParams struct {
		Type    int    `json:"type"`
		Message string `json:"message"`
	}
)

// Values of the protocol's enumerations.
const (
	syncIncremental = 2

	severityError       = 1
	severityWarning     = 2
	severityInformation = 3

	messageWarning = 2

	quickFix = "quickfix"
)

// before reports whether p comes before q.
func (p position) before(q position) bool {
	return p.Line < q.Line || p.Line == q.Line && p.Character < q.Character
}

// touches reports whether two ranges have a position in common, their ends
// included: a cursor behind a word is still at it.
func (s span) touches(t span) bool { return !s.End.before(t.Start) && !t.End.before(s.Start) }

// uriOf names an absolute path.
func uriOf(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/folder
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// pathOf is the inverse of uriOf. Documents that are not files are an error.
func pathOf(uri string) (string, error) {
	u, err := url.Parse(uri)
	if err != nil {
		return "", err
	}
	if u.Scheme != "file" {
		return "", fmt.Errorf("%s is no file", uri)
	}
	path := u.Path
	if runtime.GOOS == "windows" {
		path = strings.TrimPrefix(path, "/")
	}
	return filepath.FromSlash(path), nil
}

// null is the result of a request that finds nothing.
var null = json.RawMessage("null")
