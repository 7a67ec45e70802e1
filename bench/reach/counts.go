package main

import (
	"go/ast"
	"go/token"

	"github.com/grpclint/grpclint/internal/lint"
)

// A place is a function, or a package variable, and a rule that finds
// something in it.
type place struct{ function, rule string }

// A tally is how much a rule finds in a place.
type tally struct {
	findings int
	things   int // that they speak of, see [finding.Cause]
}

type counts map[place]tally

// add counts the findings in a file.
func (c counts) add(fset *token.FileSet, f *ast.File, findings []lint.Finding) {
	file := fset.File(f.FileStart)
	for _, found := range findings {
		if found.Line <= file.LineCount() {
			pos := file.LineStart(found.Line) + token.Pos(found.Column-1)
			c.note(place{declarationAt(f, pos), found.Rule.ID}, tally{1, max(1, len(found.Parts))})
		}
	}
}

func (c counts) note(p place, t tally) {
	sum := c[p]
	c[p] = tally{sum.findings + t.findings, sum.things + t.things}
}

// touch notes the functions that findings speak of, wherever these are.
func (c counts) touch(fset *token.FileSet, f *ast.File, findings []lint.Finding) {
	file := fset.File(f.FileStart)
	for _, found := range findings {
		for _, part := range found.Parts {
			if part.Path == file.Name() && part.Line <= file.LineCount() {
				c.note(place{declarationAt(f, file.LineStart(part.Line)), found.Rule.ID}, tally{})
			}
		}
	}
}

// any reports whether anything is found in a function, or speaks of it.
func (c counts) any(function string) bool {
	for p := range c {
		if p.function == function {
			return true
		}
	}
	return false
}

// declarationAt names the function or package variable at a position.
func declarationAt(f *ast.File, pos token.Pos) string {
	if d := functionAt(f, pos); d != nil {
		return functionName(d)
	}
	for _, decl := range f.Decls {
		if d, ok := decl.(*ast.GenDecl); ok && d.Pos() <= pos && pos < d.End() {
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && v.Pos() <= pos && pos < v.End() {
					return v.Names[0].Name
				}
			}
		}
	}
	return ""
}
