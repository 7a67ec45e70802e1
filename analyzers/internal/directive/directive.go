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
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/rule"
)

// Prefix begins every directive of grpclint's own.
const Prefix = "//grpclint:"

// Analyzer collects the directives of a package; its result is a *Set.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintdirectives",
	Doc:        "collect //grpclint: directives\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        func(pass *analysis.Pass) (any, error) { return Parse(pass.Fset, pass.Files), nil },
	ResultType: reflect.TypeFor[*Set](),
}

// A Kind is the word behind the prefix.
type Kind string

// Kinds. NoLint stands for golangci-lint's //nolint.
const (
	Ignore     Kind = "ignore"
	FileIgnore Kind = "file-ignore"
	Idempotent Kind = "idempotent"
	LongLived  Kind = "long-lived"
	NoLint     Kind = "nolint"
)

// Kinds returns the words that may follow the prefix.
func Kinds() []string {
	return []string{string(Ignore), string(FileIgnore), string(Idempotent), string(LongLived)}
}

// A Directive is one such comment.
type Directive struct {
	Kind      Kind // "" if Word is none of Kinds
	Pos, End  token.Pos
	Word      string     // behind the prefix, as written
	Selectors []Selector // of Ignore and FileIgnore, as written
	Reason    string

	file             *token.File
	fromLine, toLine int // lines that it speaks for
}

// A Selector is one rule id or family in an ignore directive.
type Selector struct {
	Text     string
	Pos, End token.Pos
	used     *atomic.Bool
}

// Used reports whether the selector has silenced a finding or stopped a
// fact. It is final once every family has run.
func (s Selector) Used() bool { return s.used.Load() }

// A Set holds the directives of a package.
type Set struct{ all []*Directive }

// All returns the directives in the order of their files.
func (s *Set) All() []*Directive { return s.all }

// Ignores reports whether a directive silences the rule at pos, and marks
// it as used. Several directives may; all are marked. What is said about
// directives no directive of ours silences, lest each need another one.
func (s *Set) Ignores(fset *token.FileSet, r *rule.Rule, pos token.Pos) bool {
	return s.silences(fset, r, pos, true)
}

// WouldIgnore is Ignores for those who do not know yet whether there is
// anything to silence: it marks nothing as used. When there is, they call
// Ignores.
func (s *Set) WouldIgnore(fset *token.FileSet, r *rule.Rule, pos token.Pos) bool {
	return s.silences(fset, r, pos, false)
}

func (s *Set) silences(fset *token.FileSet, r *rule.Rule, pos token.Pos, use bool) bool {
	if len(s.all) == 0 || !pos.IsValid() {
		return false
	}
	file := fset.File(pos)
	line := lineOf(file, pos)
	ignored := false
	for _, d := range s.all {
		if d.file != file || line < d.fromLine || line > d.toLine {
			continue
		}
		if d.Kind == NoLint {
			ignored = true
			continue
		}
		for _, sel := range d.Selectors {
			if selects(sel.Text, r) && r.Family() != "suppress" {
				ignored = true
				if use {
					sel.used.Store(true)
				}
			}
		}
	}
	return ignored
}

// States reports whether a statement of intent of the given kind speaks for
// pos.
func (s *Set) States(fset *token.FileSet, kind Kind, pos token.Pos) bool {
	if len(s.all) == 0 || !pos.IsValid() {
		return false
	}
	file := fset.File(pos)
	line := lineOf(file, pos)
	return slices.ContainsFunc(s.all, func(d *Directive) bool {
		return d.Kind == kind && d.file == file && d.fromLine <= line && line <= d.toLine
	})
}

func selects(selector string, r *rule.Rule) bool {
	return selector == r.ID || selector == r.Family() || slices.Contains(r.Aliases, selector)
}

// Parse collects the directives of parsed files.
func Parse(fset *token.FileSet, files []*ast.File) *Set {
	set := new(Set)
	for _, file := range files {
		var found []*Directive
		for _, group := range file.Comments {
			for _, comment := range group.List {
				if d := parseComment(comment); d != nil {
					found = append(found, d)
				}
			}
		}
		if found == nil {
			continue
		}
		scope(fset, file, found)
		set.all = append(set.all, found...)
	}
	return set
}

func parseComment(c *ast.Comment) *Directive {
	text, ok := strings.CutPrefix(c.Text, Prefix)
	if !ok {
		return parseNoLint(c)
	}
	word, rest := text, ""
	if i := strings.IndexAny(text, blanks); i >= 0 {
		word, rest = text[:i], text[i:]
	}
	d := &Directive{Pos: c.Pos(), End: c.End(), Word: word}
	if !slices.Contains(Kinds(), word) {
		return d
	}
	d.Kind = Kind(word)
	if d.Kind == Ignore || d.Kind == FileIgnore {
		rest = d.parseSelectors(rest, c.Pos()+token.Pos(len(Prefix)+len(word)))
	}
	// People write "// because ..." and "-- because ..." as they do for
	// other linters; punctuation alone is no reason.
	d.Reason = strings.TrimLeft(strings.TrimSpace(rest), "/-: ")
	return d
}

const blanks = " \t"

// parseSelectors reads " a/b,c/d reason", which stands at the given
// position, and returns the reason. The list goes on behind a comma, also
// if a blank follows.
func (d *Directive) parseSelectors(text string, at token.Pos) (reason string) {
	for {
		trimmed := strings.TrimLeft(text, blanks)
		at += token.Pos(len(text) - len(trimmed))
		end := strings.IndexAny(trimmed, blanks)
		if end < 0 {
			end = len(trimmed)
		}
		list := trimmed[:end]
		for item := range strings.SplitSeq(list, ",") {
			if item != "" && !strings.HasPrefix(item, "//") {
				d.Selectors = append(d.Selectors, Selector{
					Text: item, Pos: at, End: at + token.Pos(len(item)), used: new(atomic.Bool),
				})
			}
			at += token.Pos(len(item) + 1)
		}
		at-- // no comma behind the last
		text = trimmed[end:]
		if !strings.HasSuffix(list, ",") {
			return text
		}
	}
}

// parseNoLint understands what golangci-lint does: //nolint, //nolint:all
// and //nolint:a,grpclint, with or without a blank in front, each with an
// explanation behind. It returns nil for every other comment, and if other
// linters are meant.
func parseNoLint(c *ast.Comment) *Directive {
	text := strings.TrimLeft(c.Text, "/ ")
	rest, ok := strings.CutPrefix(text, "nolint")
	if !ok || !strings.HasPrefix(c.Text, "//") {
		return nil
	}
	d := &Directive{Kind: NoLint, Pos: c.Pos(), End: c.End()}
	if rest == "" || rest[0] == ' ' {
		return d
	}
	names, ok := strings.CutPrefix(rest, ":")
	if !ok {
		return nil // a longer word: //nolinters
	}
	names, _, _ = strings.Cut(names, "//")
	for name := range strings.SplitSeq(names, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "grpclint" || name == "all" {
			return d
		}
	}
	return nil
}
