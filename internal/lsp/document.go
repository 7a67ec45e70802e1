package lsp

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/sourcetext"
	"github.com/grpclint/grpclint/internal/wholefile"
)

// A file is what is known of a document.
type file struct {
	findings []*lint.Finding // of the last check that saw it
	broken   []diagnostic    // about what could not be checked
	handlers []*lint.Handler
	text     sourcetext.Files // of all documents, as that check saw them
	shown    bool             // the client has diagnostics

	open    bool
	changed bool   // it is not as on disk
	now     string // what the editor shows, if it is open
	checked string // what it showed when the findings were made
}

// opened notes what an editor shows of a file that it did not show before.
func (f *file) opened(path, text string) {
	f.open, f.now = true, text
	onDisk, err := wholefile.Read(path, wholefile.Text)
	f.changed = err == nil && !bytes.Equal(onDisk, []byte(text))
	if !f.changed {
		f.checked = text // what is found in it, was found in this text
	}
}

// since is how the text has been edited since it was checked.
func (f *file) since() shift {
	if !f.open {
		return shift{}
	}
	return shiftOf(f.checked, f.now)
}

// A shift says where the lines of a text are after an edit of some of them.
type shift struct {
	first, last int // lines that were edited, from 0: those from first, those before last
	moved       int // by how many lines are those behind further down
	edited      bool
}

func shiftOf(before, after string) shift {
	if before == after {
		return shift{}
	}
	old, now := strings.Split(before, "\n"), strings.Split(after, "\n")
	same := 0
	for same < len(old) && same < len(now) && old[same] == now[same] {
		same++
	}
	behind := 0
	for behind < len(old)-same && behind < len(now)-same && old[len(old)-1-behind] == now[len(now)-1-behind] {
		behind++
	}
	return shift{first: same, last: len(old) - behind, moved: len(now) - len(old), edited: true}
}

// line returns where a line is now; false if it was edited.
func (s shift) line(number int) (int, bool) {
	switch {
	case !s.edited || number < s.first:
		return number, true
	case number >= s.last:
		return number + s.moved, true
	}
	return 0, false
}

// span returns where a range is now; false if something in it was edited.
func (s shift) span(at span) (span, bool) {
	start, ok := s.line(at.Start.Line)
	end, okEnd := s.line(at.End.Line)
	if !ok || !okEnd || end-start != at.End.Line-at.Start.Line {
		return at, false
	}
	at.Start.Line, at.End.Line = start, end
	return at, true
}

// finding returns a finding of the text before the edit as one of that behind it;
// false if its place was edited. It has no fixes: what they would edit is
// not what it was.
func (s shift) finding(f *lint.Finding) (*lint.Finding, bool) {
	line, ok := s.line(f.Line - 1)
	end, okEnd := s.line(f.EndLine - 1)
	if !ok || !okEnd {
		return nil, false
	}
	moved := *f
	moved.Line, moved.EndLine, moved.Fixes = line+1, end+1, nil
	return &moved, true
}

// overlay returns the texts that are not saved, and all that are open.
func (s *server) overlay() (unsaved wholefile.Overlay, open map[string]string) {
	unsaved, open = make(wholefile.Overlay), make(map[string]string)
	for path, f := range s.files {
		if f.open {
			open[path] = f.now
		}
		if f.open && f.changed {
			unsaved[path] = []byte(f.now)
		}
	}
	return unsaved, open
}

// texts answers questions about documents as they were when they were checked.
func texts(open map[string]string) sourcetext.Files {
	files := make(sourcetext.Files, len(open))
	for path, text := range open {
		files[path] = strings.Split(text, "\n")
	}
	return files
}

// isGo: a file may be one of a Go package.
func isGo(path string) bool { return filepath.Ext(path) == ".go" }

// headOf is the part of a Go file that the go command looks at: when it changes,
// what that says of packages may.
func headOf(text string) string {
	parsed, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ImportsOnly|parser.ParseComments)
	if parsed == nil || err != nil {
		return text
	}
	var head strings.Builder
	head.WriteString(parsed.Name.Name)
	for _, imported := range parsed.Imports {
		head.WriteString("\n" + imported.Path.Value)
	}
	for _, group := range parsed.Comments {
		for _, c := range group.List {
			if isConstraint(c, parsed) {
				head.WriteString("\n" + c.Text)
			}
		}
	}
	return head.String()
}

// isConstraint: a comment says when a file counts, or what it embeds.
func isConstraint(c *ast.Comment, file *ast.File) bool {
	return c.Pos() < file.Package && (strings.HasPrefix(c.Text, "//go:build") || strings.HasPrefix(c.Text, "// +build")) ||
		strings.HasPrefix(c.Text, "//go:embed")
}
