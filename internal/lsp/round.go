package lsp

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
)

// round checks what has to be, until an edit ends it.
func (s *server) round(ctx context.Context) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	s.mu.Lock()
	s.end = end
	focus, typed, fresh := s.focus, s.typed, s.fresh
	s.mu.Unlock()
	if typed {
		if s.around.Rest != nil {
			s.around.Rest(ctx)
		}
		if ctx.Err() != nil || !s.glance(ctx, focus) {
			return
		}
	}
	if (fresh || s.look(ctx)) && focus != "" {
		s.compare(ctx, focus)
	}
}

// look checks everything, and shows what it finds. It returns false if it was
// ended.
func (s *server) look(ctx context.Context) bool {
	s.mu.Lock()
	folders := slices.Clone(s.folders)
	unsaved, open := s.overlay()
	s.mu.Unlock()

	done := s.progress(ctx)
	defer done()
	found := make(map[string][]*lint.Finding)
	broken := make(map[string][]diagnostic)
	handlers := make(map[string][]*lint.Handler)
	calls := make(map[string]int)
	for _, folder := range folders {
		report, err := s.check(ctx, Request{Dir: folder, Overlay: unsaved})
		if ctx.Err() != nil {
			return false
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
		for i := range report.Handlers {
			if h := &report.Handlers[i]; h.At.Path != "" {
				handlers[h.At.Path] = append(handlers[h.At.Path], h)
			}
		}
		for _, c := range report.Calls {
			calls[c.Method]++
		}
		for _, e := range report.Errors {
			s.push("window/logMessage", logMessageParams{messageWarning, "grpclint: " + visible.Text(errorText(e))})
			if path, d, ok := errorDiagnostic(folder, e); ok {
				broken[path] = append(broken[path], d)
			}
		}
	}

	s.mu.Lock()
	if ctx.Err() != nil {
		s.mu.Unlock()
		return false
	}
	for _, paths := range [][]string{slices.Collect(maps.Keys(found)), slices.Collect(maps.Keys(broken))} {
		for _, path := range paths {
			if s.files[path] == nil {
				s.files[path] = new(file)
			}
		}
	}
	s.fresh, s.glances, s.calls = true, make(map[string]*compared), calls
	text := texts(open)
	paths := slices.Sorted(maps.Keys(s.files))
	for _, path := range paths {
		f := s.files[path]
		f.findings, f.broken, f.handlers, f.text, f.checked = found[path], broken[path], handlers[path], text, open[path]
	}
	show := s.show(paths)
	s.mu.Unlock()
	show()
	return true
}

// show prepares to show what is known of documents. Those that nobody has open
// and of which nothing is to be said are forgotten.
func (s *server) show(paths []string) (send func()) {
	var toTell []publishDiagnosticsParams
	refresh := false
	for _, path := range paths {
		f := s.files[path]
		list := s.diagnosticsOf(f)
		switch {
		case f.open && s.client.pulls:
			refresh = true
		case f.shown || len(list) > 0:
			toTell = append(toTell, publishDiagnosticsParams{uriOf(path), list})
		}
		f.shown = len(list) > 0
		if !f.open && !f.shown {
			delete(s.files, path)
		}
	}
	lenses := s.client.lenses && s.client.refreshesLenses
	return func() {
		for _, params := range toTell {
			s.push("textDocument/publishDiagnostics", params)
		}
		if refresh {
			s.request("workspace/diagnostic/refresh", nil)
		}
		if lenses {
			s.request("workspace/codeLens/refresh", nil)
		}
	}
}

// diagnosticsOf are those of a document; never null.
func (s *server) diagnosticsOf(f *file) []diagnostic {
	list := append([]diagnostic{}, f.broken...)
	for _, finding := range f.findings {
		list = append(list, diagnosticOf(f.text, finding))
	}
	return list
}

// compared is what a glance at a package does not see as it is.
type compared struct {
	back  map[string]bool            // fingerprints of what is taken back by what others know
	known map[string][]*lint.Finding // what only the look at everything finds, by path
	open  map[string]string          // the texts of that
}

// glance checks a package by itself, and shows what it finds. It returns whether a
// look at everything is worth it: not if an edit has come, or if the text is no
// Go at the moment.
func (s *server) glance(ctx context.Context, path string) bool {
	s.mu.Lock()
	before := s.glances[filepath.Dir(path)]
	s.mu.Unlock()
	if before == nil {
		return true // who knows what is taken back
	}
	report, open := s.near(ctx, path)
	if ctx.Err() != nil {
		return false
	}
	if report == nil {
		return true
	}
	if len(report.Errors) > 0 {
		return false
	}
	s.mu.Lock()
	if ctx.Err() != nil {
		s.mu.Unlock()
		return false
	}
	found := make(map[string][]*lint.Finding)
	for i := range report.Findings {
		if f := &report.Findings[i]; f.Path != "" && !before.back[f.Fingerprint] {
			found[f.Path] = append(found[f.Path], f)
		}
	}
	for path, list := range before.known {
		moved := shift{}
		if text, ok := open[path]; ok {
			moved = shiftOf(before.open[path], text)
		}
		for _, f := range list {
			if now, ok := moved.finding(f); ok {
				found[path] = append(found[path], now)
			}
		}
	}
	text := texts(open)
	var paths []string
	for other := range found {
		if filepath.Dir(other) == filepath.Dir(path) && s.files[other] == nil {
			s.files[other] = new(file)
		}
	}
	for other, f := range s.files {
		if filepath.Dir(other) != filepath.Dir(path) || strings.HasSuffix(other, "_test.go") && !strings.HasSuffix(path, "_test.go") {
			continue // it was not looked at
		}
		paths = append(paths, other)
		f.findings, f.broken, f.text, f.checked = found[other], nil, text, open[other]
	}
	slices.Sort(paths)
	s.typed = false
	show := s.show(paths)
	s.mu.Unlock()
	show()
	return true
}

// near checks the package of a file by itself.
func (s *server) near(ctx context.Context, path string) (*lint.Report, map[string]string) {
	s.mu.Lock()
	unsaved, open := s.overlay()
	folder := s.folderOf(path)
	tests := strings.HasSuffix(path, "_test.go")
	request := Request{Dir: folder, Tests: tests, Listing: s.listing(path, tests), Overlay: unsaved}
	s.mu.Unlock()
	rel, err := filepath.Rel(folder, filepath.Dir(path))
	if folder == "" || err != nil {
		return nil, open
	}
	request.Near = "./" + filepath.ToSlash(rel)
	report, err := s.check(ctx, request)
	if err != nil {
		return nil, open
	}
	return report, open
}

// listing names the file where to keep what the go command says of a package, as
// long as that is true.
func (s *server) listing(path string, tests bool) string {
	if s.around.Folder == "" {
		return ""
	}
	// In a folder for as long as it is true: those of before are only in the way.
	folder := filepath.Join(s.around.Folder, fmt.Sprint("listings-", s.renewed))
	if folder != s.listings {
		if s.listings != "" {
			_ = os.RemoveAll(s.listings)
		}
		_ = os.Mkdir(folder, 0o700)
		s.listings = folder
	}
	return filepath.Join(folder, fmt.Sprintf("%t-%x", tests, sha256.Sum256([]byte(filepath.Dir(path))))) // a path may be longer than a name
}

// compare finds out in which a glance at a package differs from the look at
// everything that has just been taken.
func (s *server) compare(ctx context.Context, path string) {
	s.mu.Lock()
	f := s.files[path]
	known := s.glances[filepath.Dir(path)] != nil
	s.mu.Unlock()
	if f == nil || known {
		return
	}
	report, open := s.near(ctx, path)
	if report == nil || len(report.Errors) > 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for other, text := range open {
		if f := s.files[other]; f == nil || filepath.Dir(other) == filepath.Dir(path) && f.checked != text {
			return // it was edited since everything was looked at
		}
	}
	c := &compared{back: make(map[string]bool), known: make(map[string][]*lint.Finding), open: open}
	everything, glance := make(map[string]bool), make(map[string]bool)
	for i := range report.Findings {
		glance[report.Findings[i].Fingerprint] = true
	}
	for other, f := range s.files {
		for _, finding := range f.findings {
			everything[finding.Fingerprint] = true
			if filepath.Dir(other) == filepath.Dir(path) && !glance[finding.Fingerprint] {
				c.known[other] = append(c.known[other], finding)
			}
		}
	}
	for fingerprint := range glance {
		if !everything[fingerprint] {
			c.back[fingerprint] = true
		}
	}
	s.glances[filepath.Dir(path)] = c
}
