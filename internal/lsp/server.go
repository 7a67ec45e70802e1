// Package lsp is a language server: it shows findings in an editor while
// people work, beside gopls and buf's server, which know nothing of them.
//
// Whenever a file is opened or saved it checks the whole workspace, so that
// an editor shows what the program prints and nothing else: findings depend
// on other packages, on protos and on service configs.
package lsp

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/creachadair/jrpc2"
	"github.com/creachadair/jrpc2/handler"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/sourcetext"
)

// A Check checks everything below a folder, as the files are on disk. Its
// error says why nothing could be checked. It returns soon if the context is
// cancelled.
type Check func(ctx context.Context, dir string) (*lint.Report, error)

// Surroundings are where a server runs.
type Surroundings struct {
	Alive func(pid int) bool // whether a process lives
	Ticks <-chan time.Time   // times to ask that of the client
}

// ErrNoShutdown is the error for a client that has the server exit without
// having it shut down before.
var ErrNoShutdown = errors.New("exit without shutdown")

// Serve speaks with a client until it says that it is done, or until it is
// gone.
func Serve(ctx context.Context, in io.Reader, out io.WriteCloser, check Check, around Surroundings) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{check: check, around: around, due: make(chan struct{}, 1), files: make(map[string]*file), exit: make(chan struct{})}
	s.rpc = jrpc2.NewServer(s.methods(), &jrpc2.ServerOptions{AllowPush: true, DisableBuiltin: true, Concurrency: 1})
	s.rpc.Start(requests{newFrames(in, out)})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range s.due {
			s.run(ctx)
		}
	}()
	gone := make(chan error, 1)
	go func() { gone <- s.rpc.Wait() }()
	var err error
	select {
	case err = <-gone:
	case <-s.exit: // the client may still hold its end of the pipe
		if !s.shutDown.Load() {
			err = ErrNoShutdown
		}
	}
	cancel()
	s.stop()
	<-done
	return err
}

// A server has one client and one workspace.
type server struct {
	check  Check
	around Surroundings
	rpc    *jrpc2.Server

	shutDown atomic.Bool
	exit     chan struct{} // closed when the client wants that, or has died
	exitOnce sync.Once

	mu      sync.Mutex
	folders []string         // of the workspace, absolute
	due     chan struct{}    // holds one if a run is asked for
	stopped bool             // due is closed
	files   map[string]*file // by absolute path
}

// A file is what is known of a document.
type file struct {
	findings []*lint.Finding  // of the last run
	text     sourcetext.Files // as the last run saw it
	shown    bool             // the client has diagnostics
	open     bool
	changed  bool // in the editor since it was last saved
}

func (s *server) methods() handler.Map {
	// Clients send parameters also where there are none.
	ignore := func(context.Context, *jrpc2.Request) (any, error) { return null, nil }
	return handler.Map{
		"initialize":              handler.New(s.initialize),
		"initialized":             func(context.Context, *jrpc2.Request) (any, error) { s.ask(); return nil, nil },
		"shutdown":                func(context.Context, *jrpc2.Request) (any, error) { s.shutDown.Store(true); return null, nil },
		"exit":                    func(context.Context, *jrpc2.Request) (any, error) { s.leave(); return nil, nil },
		"textDocument/didOpen":    handler.New(s.didOpen),
		"textDocument/didChange":  handler.New(s.didChange),
		"textDocument/didSave":    handler.New(s.didSave),
		"textDocument/didClose":   handler.New(s.didClose),
		"textDocument/codeAction": handler.New(s.codeAction),
		"textDocument/hover":      handler.New(s.hover),

		"$/setTrace":                         ignore,
		"$/cancelRequest":                    ignore,
		"workspace/didChangeConfiguration":   ignore,
		"workspace/didChangeWatchedFiles":    ignore,
		"workspace/didChangeWorkspaceFolder": ignore,
	}
}

func (s *server) initialize(_ context.Context, params initializeParams) (initializeResult, error) {
	folders := params.WorkspaceFolders
	if len(folders) == 0 && params.RootURI != "" {
		folders = []workspaceFolder{{URI: params.RootURI}}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, folder := range folders {
		path, err := pathOf(folder.URI)
		if err != nil {
			continue // a workspace that is not on disk
		}
		s.folders = append(s.folders, path)
	}
	if len(s.folders) == 0 {
		return initializeResult{}, errors.New("grpclint needs a workspace folder on disk")
	}
	if pid := params.ProcessID; pid != nil && s.around.Alive(*pid) { // else it lives on another machine
		go s.watch(*pid)
	}
	return initializeResult{
		Capabilities: serverCapabilities{
			TextDocumentSync:   textDocumentSync{OpenClose: true, Change: syncIncremental, Save: true},
			HoverProvider:      true,
			CodeActionProvider: codeActionOptions{Kinds: []string{quickFix}},
		},
		ServerInfo: serverInfo{Name: "grpclint"},
	}, nil
}

// leave has the server end.
func (s *server) leave() { s.exitOnce.Do(func() { close(s.exit) }) }

// watch has the server end with the client, whose pipe another process may
// hold open.
func (s *server) watch(pid int) {
	for {
		select {
		case <-s.exit:
			return
		case <-s.around.Ticks:
			if !s.around.Alive(pid) {
				s.shutDown.Store(true) // nobody is left to do so
				s.leave()
			}
		}
	}
}

// ask asks for a run. Those asked for during a run are one.
func (s *server) ask() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return
	}
	select {
	case s.due <- struct{}{}:
	default: // asked for already
	}
}

func (s *server) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	close(s.due)
}

// file returns what is known of a document, which it begins to know.
func (s *server) file(uri string) (*file, error) {
	path, err := pathOf(uri)
	if err != nil {
		return nil, err
	}
	f := s.files[path]
	if f == nil {
		f = new(file)
		s.files[path] = f
	}
	return f, nil
}

func (s *server) didOpen(_ context.Context, params textDocumentParams) error {
	return s.note(params, func(f *file) { f.open, f.changed = true, false })
}

// didChange does not look at the text: findings are about what is saved.
func (s *server) didChange(_ context.Context, params textDocumentParams) error {
	return s.note(params, func(f *file) { f.changed = true })
}

func (s *server) didSave(_ context.Context, params textDocumentParams) error {
	defer s.ask()
	return s.note(params, func(f *file) { f.changed = false })
}

func (s *server) didClose(_ context.Context, params textDocumentParams) error {
	return s.note(params, func(f *file) { f.open, f.changed = false, false })
}

func (s *server) note(params textDocumentParams, change func(*file)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.file(params.TextDocument.URI)
	if err != nil {
		return err
	}
	change(f)
	return nil
}

// run checks the workspace and publishes what it finds.
func (s *server) run(ctx context.Context) {
	s.mu.Lock()
	folders := slices.Clone(s.folders)
	s.mu.Unlock()

	found := make(map[string][]*lint.Finding)
	broken := make(map[string][]diagnostic)
	for _, folder := range folders {
		report, err := s.check(ctx, folder)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.push("window/logMessage", logMessageParams{messageWarning, "grpclint: " + visible.Lines(err.Error())})
			continue
		}
		for i := range report.Findings {
			if f := &report.Findings[i]; f.Path != "" {
				found[f.Path] = append(found[f.Path], f)
			}
		}
		for _, e := range report.Errors {
			s.push("window/logMessage", logMessageParams{messageWarning, "grpclint: " + visible.Text(errorText(e))})
			if path, d, ok := errorDiagnostic(folder, e); ok {
				broken[path] = append(broken[path], d)
			}
		}
	}

	s.mu.Lock()
	for _, paths := range [][]string{slices.Collect(maps.Keys(found)), slices.Collect(maps.Keys(broken))} {
		for _, path := range paths {
			if s.files[path] == nil {
				s.files[path] = new(file)
			}
		}
	}
	var toTell []publishDiagnosticsParams
	for _, path := range slices.Sorted(maps.Keys(s.files)) {
		f := s.files[path]
		f.findings, f.text = found[path], make(sourcetext.Files)
		diagnostics := append([]diagnostic{}, broken[path]...) // never null
		for _, finding := range f.findings {
			diagnostics = append(diagnostics, diagnosticOf(f.text, finding))
		}
		if f.shown || len(diagnostics) > 0 {
			toTell = append(toTell, publishDiagnosticsParams{uriOf(path), diagnostics})
		}
		f.shown = len(diagnostics) > 0
		if !f.open && !f.shown {
			delete(s.files, path)
		}
	}
	s.mu.Unlock()
	for _, params := range toTell {
		s.push("textDocument/publishDiagnostics", params)
	}
}

// push tells the client something; one that is gone need not know.
func (s *server) push(method string, params any) {
	_ = s.rpc.Notify(context.Background(), method, params)
}
