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
		Capabilities     capabilities      `json:"capabilities"`
		Options          json.RawMessage   `json:"initializationOptions,omitempty"`
	}
	// capabilities are those of the client.
	capabilities struct {
		Workspace struct {
			DidChangeWatchedFiles struct {
				DynamicRegistration bool `json:"dynamicRegistration,omitempty"`
			} `json:"didChangeWatchedFiles"`
			Diagnostics refreshes `json:"diagnostics"`
			CodeLens    refreshes `json:"codeLens"`
		} `json:"workspace"`
		TextDocument struct {
			Diagnostic *struct{} `json:"diagnostic,omitempty"`
			CodeLens   *struct{} `json:"codeLens,omitempty"`
		} `json:"textDocument"`
		Window struct {
			WorkDoneProgress bool `json:"workDoneProgress,omitempty"`
		} `json:"window"`
	}
	refreshes struct {
		RefreshSupport bool `json:"refreshSupport,omitempty"`
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
		TextDocumentSync   textDocumentSync   `json:"textDocumentSync"`
		HoverProvider      bool               `json:"hoverProvider"`
		CodeActionProvider codeActionOptions  `json:"codeActionProvider"`
		CodeLensProvider   *codeLensOptions   `json:"codeLensProvider,omitempty"`
		DiagnosticProvider *diagnosticOptions `json:"diagnosticProvider,omitempty"`
		Workspace          workspaceOptions   `json:"workspace"`
	}
	codeLensOptions   struct{}
	diagnosticOptions struct {
		Identifier            string `json:"identifier"`
		InterFileDependencies bool   `json:"interFileDependencies"`
		WorkspaceDiagnostics  bool   `json:"workspaceDiagnostics"`
	}
	workspaceOptions struct {
		WorkspaceFolders workspaceFolderOptions `json:"workspaceFolders"`
	}
	workspaceFolderOptions struct {
		Supported           bool `json:"supported"`
		ChangeNotifications bool `json:"changeNotifications"`
	}
	didChangeWorkspaceFoldersParams struct {
		Event struct {
			Added   []workspaceFolder `json:"added"`
			Removed []workspaceFolder `json:"removed"`
		} `json:"event"`
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
	didOpenParams struct {
		TextDocument struct {
			URI  string `json:"uri"`
			Text string `json:"text"`
		} `json:"textDocument"`
	}
	didChangeParams struct {
		TextDocument   textDocument `json:"textDocument"`
		ContentChanges []struct {
			Range *span  `json:"range,omitempty"`
			Text  string `json:"text"`
		} `json:"contentChanges"`
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

	// documentDiagnosticReport answers textDocument/diagnostic.
	documentDiagnosticReport struct {
		Kind  string       `json:"kind"`
		Items []diagnostic `json:"items"`
	}

	codeLens struct {
		Range   span    `json:"range"`
		Command command `json:"command"`
	}
	// command is only a title: there is nothing to be done.
	command struct {
		Title   string `json:"title"`
		Command string `json:"command"`
	}

	progressCreateParams struct {
		Token string `json:"token"`
	}
	progressParams struct {
		Token string        `json:"token"`
		Value progressValue `json:"value"`
	}
	progressValue struct {
		Kind  string `json:"kind"` // "begin", "report", "end"
		Title string `json:"title,omitempty"`
	}

	registrationParams struct {
		Registrations []registration `json:"registrations"`
	}
	registration struct {
		ID      string              `json:"id"`
		Method  string              `json:"method"`
		Options watchedFilesOptions `json:"registerOptions"`
	}
	watchedFilesOptions struct {
		Watchers []watcher `json:"watchers"`
	}
	watcher struct {
		GlobPattern string `json:"globPattern"`
	}

	logMessageParams struct {
		Type    int    `json:"type"`
		Message string `json:"message"`
	}
)

// Values of the protocol's enumerations.
const (
	syncFull = 1

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
