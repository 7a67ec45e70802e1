package wanttest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

// A Count is how many cases a rule has in its folders: what it finds, and the
// functions in which it finds nothing.
type Count struct{ Bad, Silent int }

// Cases counts the cases of rules in the suite's folders. A folder whose name
// begins with that of a rule's, as conn/leakmain does, is the rule's too.
func (s *Suite) Cases(rules []*rule.Rule) map[*rule.Rule]Count {
	counts := make(map[*rule.Rule]Count)
	findings := s.analyze(s.Program, nil).Findings
	for _, f := range findings {
		if c := counts[f.Rule]; strings.HasPrefix(f.File, caseFolder(f.Rule)) {
			c.Bad++
			counts[f.Rule] = c
		}
	}
	s.walk(func(path string) error {
		if filepath.Ext(path) != ".go" {
			return nil
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, r := range rules {
			if !strings.HasPrefix(s.relative(path), caseFolder(r)) {
				continue
			}
			for _, decl := range file.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil && !found(findings, r, fset, fn, s.relative(path)) {
					c := counts[r]
					c.Silent++
					counts[r] = c
				}
			}
		}
		return nil
	})
	return counts
}

// found reports whether one of the findings of a rule is in a function.
func found(findings []lint.Finding, r *rule.Rule, fset *token.FileSet, fn *ast.FuncDecl, file string) bool {
	from, to := fset.PositionFor(fn.Pos(), false).Line, fset.PositionFor(fn.End(), false).Line
	for _, f := range findings {
		if f.Rule == r && f.File == file && from <= f.Line && f.Line <= to {
			return true
		}
	}
	return false
}
