// Package directive reads the comments by which people tell grpclint what
// it cannot know: ignore, file-ignore, idempotent and long-lived, and
// golangci-lint's nolint.
//
// It is a prerequisite of every family, so that a directive works the same
// in every driver: go vet, which has no suppressions of its own, included.
package directive

import (
	"go/ast"
	"go/token"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/finding/directive"
)

// What Go and .proto files have in common.
type (
	Kind      = directive.Kind
	Directive = directive.Directive
	Selector  = directive.Selector
	Set       = directive.Set
)

// Kinds.
const (
	Ignore     = directive.Ignore
	FileIgnore = directive.FileIgnore
	Idempotent = directive.Idempotent
	LongLived  = directive.LongLived
	NoLint     = directive.NoLint
)

// Analyzer collects the directives of a package; its result is a *Set.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintdirectives",
	Doc:        "collect //grpclint: directives\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        func(pass *analysis.Pass) (any, error) { return Parse(pass.Fset, pass.Files), nil },
	ResultType: reflect.TypeFor[*Set](),
}

// Parse collects the directives of parsed files.
func Parse(fset *token.FileSet, files []*ast.File) *Set {
	var all []*Directive
	for _, file := range files {
		var found []*Directive
		for _, group := range file.Comments {
			for _, comment := range group.List {
				if d := directive.Parse(comment.Text, comment.Pos()); d != nil {
					found = append(found, d)
				}
			}
		}
		if found == nil {
			continue
		}
		scope(fset, file, found)
		all = append(all, found...)
	}
	return directive.NewSet(all)
}
