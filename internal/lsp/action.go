package lsp

import (
	"context"
	"go/scanner"
	"go/token"
	"path/filepath"
	"strings"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/sourcetext"
)

// codeAction offers the fixes of the findings in a range, and to ignore
// them. What was edited since it was checked has none.
func (s *server) codeAction(_ context.Context, params codeActionParams) ([]codeAction, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path, err := pathOf(params.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	actions := []codeAction{}
	f := s.files[path]
	if f == nil {
		return actions, nil
	}
	for _, finding := range f.findings {
		d := diagnosticOf(f.text, finding)
		at, ok := f.since().span(d.Range)
		if !ok || !at.touches(params.Range) {
			continue
		}
		d.Range = at
		for _, fix := range finding.Fixes {
			if edit, ok := s.edit(f.text, fix); ok {
				actions = append(actions, codeAction{
					Title: fix.Message, Kind: quickFix, Diagnostics: []diagnostic{d}, IsPreferred: fix.Safe, Edit: edit,
				})
			}
		}
		if edit, ok := s.moved(ignore(f.text, finding)); ok {
			actions = append(actions, codeAction{
				Title: "Ignore " + finding.Rule.ID + " here, for a reason", Kind: quickFix, Diagnostics: []diagnostic{d}, Edit: edit,
			})
		}
	}
	return actions, nil
}

// edit converts a fix. One of a place that was edited since it was checked, or
// of a file that is not the user's, cannot be applied.
func (s *server) edit(text sourcetext.Files, fix lint.Fix) (workspaceEdit, bool) {
	changes := make(map[string][]textEdit)
	for _, e := range fix.Edits {
		if e.Foreign {
			return workspaceEdit{}, false
		}
		startLine, startColumn, ok := text.Position(e.Path, e.Start)
		endLine, endColumn, okEnd := text.Position(e.Path, e.End)
		if !ok || !okEnd {
			return workspaceEdit{}, false
		}
		uri := uriOf(e.Path)
		changes[uri] = append(changes[uri], textEdit{
			span{position{startLine - 1, startColumn - 1}, position{endLine - 1, endColumn - 1}}, e.NewText,
		})
	}
	return s.moved(workspaceEdit{changes}, len(changes) > 0)
}

// moved has edits be of the documents as they are now.
func (s *server) moved(edit workspaceEdit, ok bool) (workspaceEdit, bool) {
	for uri, edits := range edit.Changes {
		path, err := pathOf(uri)
		f := s.files[path]
		if err != nil || f == nil {
			continue
		}
		since := f.since()
		for i := range edits {
			at, kept := since.span(edits[i].Range)
			edits[i].Range, ok = at, ok && kept
		}
	}
	return edit, ok
}

// ignore inserts a directive above what a finding is in. Its reason is left for
// the user to write: until then the directive is itself reported.
func ignore(text sourcetext.Files, f *lint.Finding) (workspaceEdit, bool) {
	marker := "//grpclint:ignore "
	switch ext := filepath.Ext(f.Path); {
	case f.Rule.Family() == "suppress":
		return workspaceEdit{}, false // directives are not ignored by directives
	case ext == ".go" || ext == ".proto":
	case f.Rule.Family() == "deploy" && ext != ".json": // which has no comments
		marker = "# grpclint:ignore "
	default:
		return workspaceEdit{}, false
	}
	number := f.Line
	if filepath.Ext(f.Path) == ".go" {
		number = beginning(text, f.Path, f.Line)
	}
	line, ok := text.Line(f.Path, number)
	if !ok {
		return workspaceEdit{}, false
	}
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	at := position{number - 1, 0}
	return workspaceEdit{map[string][]textEdit{
		uriOf(f.Path): {{span{at, at}, indent + marker + f.Rule.ID + " \n"}},
	}}, true
}

// beginning returns the line of a Go file on which the string or comment begins
// that a line begins in, or the line itself: above others a comment would
// become part of the string.
func beginning(text sourcetext.Files, path string, line int) int {
	var source strings.Builder
	for number := 1; number <= line; number++ {
		part, ok := text.Line(path, number)
		if !ok {
			break
		}
		source.WriteString(part + "\n")
	}
	begins := make(map[int]int) // on which line what a line is in begins
	fset := token.NewFileSet()
	file := fset.AddFile(path, -1, source.Len())
	var s scanner.Scanner
	s.Init(file, []byte(source.String()), nil, scanner.ScanComments)
	for {
		pos, what, literal := s.Scan()
		if what == token.EOF {
			break
		}
		first := file.PositionFor(pos, false).Line
		for i := range strings.Count(literal, "\n") {
			if what == token.STRING || what == token.COMMENT {
				begins[first+i+1] = first
			}
		}
	}
	for begins[line] != 0 {
		line = begins[line]
	}
	return line
}

// hover shows the page of the rule whose finding is under the cursor.
func (s *server) hover(_ context.Context, params positionParams) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path, err := pathOf(params.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	f := s.files[path]
	if f == nil {
		return null, nil
	}
	for _, finding := range f.findings {
		at, ok := f.since().span(spanOf(f.text, finding.Range))
		if ok && at.touches(span{params.Position, params.Position}) {
			page := "### " + finding.Rule.ID + "\n\n" + visible.Text(finding.Message) + "\n\n" + finding.Rule.Page()
			return hover{markupContent{"markdown", page}, at}, nil
		}
	}
	return null, nil
}
