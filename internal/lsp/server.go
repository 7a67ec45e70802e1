// Package lsp is a language server: it shows findings in an editor while
// people work, beside gopls and buf's server, which know nothing of them.
//
// While somebody types, the package at hand is checked by itself, with what is
// known of those that it imports; behind that everything, because findings
// depend on other packages, on protos, on service configs and on how a program
// is put together. Who types on ends what is at work.
//
//	edit ──▶ rest ──▶ glance at the package ──▶ look at everything ──▶ glance, to compare
//	          ▲ ended by the next edit │                 │
//	          └────────────────────────┴─────────────────┘
//
// What a glance finds that the look at everything takes back, and what only
// that can know, is remembered in between.
package lsp

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/creachadair/jrpc2"
	"github.com/creachadair/jrpc2/handler"
)

// Surroundings are where a server runs.
type Surroundings struct {
	Alive func(pid int) bool // whether a process lives
	Ticks <-chan time.Time   // times to ask that of the client
	// Rest waits until an edit is likely to be the last for now, or until the
	// context ends. Nil means that each is.
	Rest func(context.Context)
	// Folder is where checks may remember something; "" for nowhere.
	Folder string
}

// ErrNoShutdown is the error for a client that has the server exit without
// having it shut down before.
var ErrNoShutdown = errors.New("exit without shutdown")

// Serve speaks with a client until it says that it is done, or until it is
// gone.
func Serve(ctx context.Context, in io.Reader, out io.WriteCloser, check Check, around Surroundings) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{
		check: check, around: around, due: make(chan struct{}, 1), exit: make(chan struct{}),
		files: make(map[string]*file), glances: make(map[string]*compared),
	}
	s.rpc = jrpc2.NewServer(s.methods(), &jrpc2.ServerOptions{AllowPush: true, DisableBuiltin: true, Concurrency: 1})
	s.rpc.Start(requests{newFrames(in, out)})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range s.due {
			s.round(ctx)
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
	client  abilities
	folders []string           // of the workspace, absolute
	due     chan struct{}      // holds one if a round is asked for
	stopped bool               // due is closed
	end     context.CancelFunc // of the round at work, or nil
	files   map[string]*file   // by absolute path

	fresh    bool                 // nothing has happened since everything was looked at
	calls    map[string]int       // of RPCs, by their full names
	focus    string               // the Go file that was opened or edited last
	typed    bool                 // it was edited since it was last glanced at
	glances  map[string]*compared // by the folders of packages
	listings string               // the folder of what the go command has said; "" for none yet
	renewed  int                  // how often what the go command says was to be asked anew
}

func (s *server) methods() handler.Map {
	// Clients send parameters also where there are none.
	ignore := func(context.Context, *jrpc2.Request) (any, error) { return null, nil }
	return handler.Map{
		"initialize":  handler.New(s.initialize),
		"initialized": s.initialized,
		"shutdown":    func(context.Context, *jrpc2.Request) (any, error) { s.shutDown.Store(true); return null, nil },
		"exit":        func(context.Context, *jrpc2.Request) (any, error) { s.leave(); return nil, nil },

		"textDocument/didOpen":    handler.New(s.didOpen),
		"textDocument/didChange":  handler.New(s.didChange),
		"textDocument/didSave":    handler.New(s.didSave),
		"textDocument/didClose":   handler.New(s.didClose),
		"textDocument/codeAction": handler.New(s.codeAction),
		"textDocument/hover":      handler.New(s.hover),
		"textDocument/diagnostic": handler.New(s.diagnostic),
		"textDocument/codeLens":   handler.New(s.codeLens),

		"workspace/didChangeWorkspaceFolders": handler.New(s.didChangeWorkspaceFolders),
		"workspace/didChangeWatchedFiles":     s.outside,
		"workspace/didChangeConfiguration":    s.outside,

		"$/setTrace":                     ignore,
		"$/cancelRequest":                ignore, // answers come at once
		"window/workDoneProgress/cancel": ignore,
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
		s.addFolder(folder.URI)
	}
	s.client = abilitiesOf(params)
	if pid := params.ProcessID; pid != nil && s.around.Alive(*pid) { // else it lives on another machine
		go s.watch(*pid)
	}
	result := initializeResult{
		Capabilities: serverCapabilities{
			TextDocumentSync:   textDocumentSync{OpenClose: true, Change: syncFull, Save: true},
			HoverProvider:      true,
			CodeActionProvider: codeActionOptions{Kinds: []string{quickFix}},
			Workspace:          workspaceOptions{workspaceFolderOptions{Supported: true, ChangeNotifications: true}},
		},
		ServerInfo: serverInfo{Name: source},
	}
	if s.client.pulls {
		result.Capabilities.DiagnosticProvider = &diagnosticOptions{Identifier: source, InterFileDependencies: true}
	}
	if s.client.lenses {
		result.Capabilities.CodeLensProvider = &codeLensOptions{}
	}
	return result, nil
}

func (s *server) initialized(ctx context.Context, _ *jrpc2.Request) (any, error) {
	s.mu.Lock()
	registers, has := s.client.watches, len(s.folders) > 0
	s.mu.Unlock()
	if registers {
		s.request("client/registerCapability", watching)
	}
	if has {
		s.ask()
	}
	return nil, nil
}

// request asks the client for something, of which nobody needs the answer.
func (s *server) request(method string, params any) {
	go func() { _, _ = s.rpc.Callback(context.Background(), method, params) }()
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

// ask asks for a round because something has happened, and ends the one at work,
// which does not know of that.
func (s *server) ask() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh = false
	if s.end != nil {
		s.end()
	}
	s.askAgain()
}

// askAgain asks for a round. Those asked for meanwhile are one.
func (s *server) askAgain() {
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

// push tells the client something; one that is gone need not know.
func (s *server) push(method string, params any) {
	_ = s.rpc.Notify(context.Background(), method, params)
}
