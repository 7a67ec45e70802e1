package lsp

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/creachadair/jrpc2"
)

// file returns what is known of a document, which it begins to know.
func (s *server) file(uri string) (path string, f *file, err error) {
	path, err = pathOf(uri)
	if err != nil {
		return "", nil, err
	}
	f = s.files[path]
	if f == nil {
		f = new(file)
		s.files[path] = f
	}
	return path, f, nil
}

func (s *server) didOpen(_ context.Context, params didOpenParams) error {
	s.mu.Lock()
	path, f, err := s.file(params.TextDocument.URI)
	if err != nil {
		s.mu.Unlock()
		return err
	}
	f.opened(path, params.TextDocument.Text)
	if isGo(path) {
		s.focus, s.typed = path, f.changed
	}
	// Whoever opens a file alone gets what is around it.
	alone := len(s.folders) == 0
	if alone {
		s.folders = []string{moduleOf(path)}
	}
	if s.client.pulls && f.shown {
		defer s.push("textDocument/publishDiagnostics", publishDiagnosticsParams{params.TextDocument.URI, []diagnostic{}}) // it asks for them
	}
	if s.fresh && isGo(path) && s.glances[filepath.Dir(path)] == nil {
		s.askAgain() // to compare
	}
	asks := alone || f.changed
	s.mu.Unlock()
	if asks {
		s.ask()
	}
	return nil
}

// moduleOf returns the folder of the module that a file is in, or else its own.
func moduleOf(path string) string {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return filepath.Dir(path)
		}
	}
}

func (s *server) didChange(_ context.Context, params didChangeParams) error {
	s.mu.Lock()
	path, f, err := s.file(params.TextDocument.URI)
	if err != nil {
		s.mu.Unlock()
		return err
	}
	edited := false
	for _, change := range params.ContentChanges {
		if change.Range == nil { // we want whole texts
			edited = edited || f.now != change.Text
			if isGo(path) && headOf(f.now) != headOf(change.Text) {
				s.renewed++
			}
			f.now, f.open, f.changed = change.Text, true, true
		}
	}
	if edited && isGo(path) {
		s.focus, s.typed = path, true
	}
	s.mu.Unlock()
	if edited {
		s.ask()
	}
	return nil
}

func (s *server) didSave(_ context.Context, params textDocumentParams) error {
	s.mu.Lock()
	_, f, err := s.file(params.TextDocument.URI)
	if err == nil {
		f.changed = false
		s.renewed++
	}
	s.mu.Unlock()
	if err == nil {
		s.ask()
	}
	return err
}

func (s *server) didClose(_ context.Context, params textDocumentParams) error {
	s.mu.Lock()
	path, f, err := s.file(params.TextDocument.URI)
	if err != nil {
		s.mu.Unlock()
		return err
	}
	forgotten := f.changed
	f.open, f.changed, f.now, f.checked = false, false, "", ""
	if s.focus == path {
		s.focus, s.typed = "", false
	}
	if s.client.pulls {
		defer s.push("textDocument/publishDiagnostics", publishDiagnosticsParams{params.TextDocument.URI, s.diagnosticsOf(f)})
	}
	s.mu.Unlock()
	if forgotten { // what was typed does not count any more
		s.ask()
	}
	return nil
}

// outside: files have changed that no editor has open, or settings.
func (s *server) outside(context.Context, *jrpc2.Request) (any, error) {
	s.mu.Lock()
	s.renewed++
	s.mu.Unlock()
	s.ask()
	return nil, nil
}

func (s *server) didChangeWorkspaceFolders(_ context.Context, params didChangeWorkspaceFoldersParams) error {
	s.mu.Lock()
	for _, folder := range params.Event.Removed {
		if path, err := pathOf(folder.URI); err == nil {
			s.folders = slices.DeleteFunc(s.folders, func(known string) bool { return known == path })
		}
	}
	for _, folder := range params.Event.Added {
		s.addFolder(folder.URI)
	}
	s.renewed++
	s.mu.Unlock()
	s.ask()
	return nil
}

// addFolder adds a folder that is on disk to the workspace.
func (s *server) addFolder(uri string) {
	path, err := pathOf(uri)
	if err == nil && !slices.Contains(s.folders, path) {
		s.folders = append(s.folders, path)
	}
}

// folderOf returns the innermost folder of the workspace that holds a file, or "".
func (s *server) folderOf(path string) (folder string) {
	for _, f := range s.folders {
		if strings.HasPrefix(path, f+string(filepath.Separator)) && len(f) > len(folder) {
			folder = f
		}
	}
	return folder
}
