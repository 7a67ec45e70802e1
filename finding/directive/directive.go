// Package directive holds the comments by which people tell grpclint what it
// cannot know: ignore, file-ignore, idempotent and long-lived, and
// golangci-lint's nolint. They are the same in Go and in .proto files; what a
// comment speaks for is for those to say who know the language.
package directive

import (
	"go/token"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/grpclint/grpclint/rule"
)

// Prefix begins every directive of grpclint's own in Go and in .proto files. In
// YAML, in nginx's configuration and in Dockerfiles it is "# grpclint:", with
// or without the blank.
const Prefix = "//grpclint:"

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
	Kind      Kind   // "" if Word is none of Kinds
	prefix    string // as written
	Pos, End  token.Pos
	Word      string     // behind the prefix, as written
	Selectors []Selector // of Ignore and FileIgnore, as written
	Reason    string

	// File and its lines that the directive speaks for. Lines are those of
	// the text: what //line comments say would make lines of a generated
	// parser or template overlap.
	File             *token.File
	FromLine, ToLine int
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

// TakesRules reports whether the directive is one that names rules.
func (d *Directive) TakesRules() bool { return d.Kind == Ignore || d.Kind == FileIgnore }

// A Set holds the directives of a package, or of a file that is no Go.
type Set struct {
	all   []*Directive
	files map[*token.File]*scopes
	// noLint: some of them are golangci-lint's.
	noLint bool
}

// NewSet returns the set of directives whose scope is known.
func NewSet(all []*Directive) *Set {
	s := &Set{all: all, files: make(map[*token.File]*scopes)}
	for _, d := range all {
		s.noLint = s.noLint || d.Kind == NoLint
		if s.files[d.File] == nil {
			s.files[d.File] = new(scopes)
		}
		s.files[d.File].byFrom = append(s.files[d.File].byFrom, d)
	}
	for _, in := range s.files {
		in.sort()
	}
	return s
}

// scopes are the directives of one file by the first line that they speak
// for, each with the last line that it or one before it speaks for.
type scopes struct {
	byFrom []*Directive
	reach  []int
}

func (s *scopes) sort() {
	slices.SortStableFunc(s.byFrom, func(a, b *Directive) int { return a.FromLine - b.FromLine })
	s.reach = make([]int, len(s.byFrom))
	last := 0
	for i, d := range s.byFrom {
		last = max(last, d.ToLine)
		s.reach[i] = last
	}
}

// at yields the directives that speak for a position.
func (s *Set) at(fset *token.FileSet, pos token.Pos) func(yield func(*Directive) bool) {
	return func(yield func(*Directive) bool) {
		if len(s.all) == 0 || !pos.IsValid() {
			return
		}
		file := fset.File(pos)
		in := s.files[file]
		if in == nil {
			return
		}
		line := LineOf(file, pos)
		from, _ := slices.BinarySearchFunc(in.byFrom, line+1, func(d *Directive, line int) int { return d.FromLine - line })
		for i := from - 1; i >= 0 && in.reach[i] >= line; i-- {
			if d := in.byFrom[i]; d.ToLine >= line && !yield(d) {
				return
			}
		}
	}
}

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

// Silencing returns the places of the selectors that silence a rule at pos, for
// those who learn whether there is anything to silence when all packages have
// been looked at. It marks none as used.
func (s *Set) Silencing(fset *token.FileSet, r *rule.Rule, pos token.Pos) []token.Pos {
	var places []token.Pos
	for d := range s.at(fset, pos) {
		for _, sel := range d.Selectors {
			if d.Kind != NoLint && selects(sel.Text, r) {
				places = append(places, sel.Pos)
			}
		}
	}
	return places
}

func (s *Set) silences(fset *token.FileSet, r *rule.Rule, pos token.Pos, use bool) bool {
	if r.Family() == "suppress" && !s.noLint {
		return false // a block of directives would ask each of them about each other
	}
	ignored := false
	for d := range s.at(fset, pos) {
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
	return s.Statement(fset, kind, pos) != nil
}

// Statement returns the statement of intent of the given kind that speaks
// for pos, or nil.
func (s *Set) Statement(fset *token.FileSet, kind Kind, pos token.Pos) *Directive {
	var first *Directive
	for d := range s.at(fset, pos) {
		if d.Kind == kind && (first == nil || d.Pos < first.Pos) {
			first = d
		}
	}
	return first
}

// LineOf is the line in the file itself.
func LineOf(file *token.File, pos token.Pos) int {
	return file.PositionFor(pos, false).Line
}

func selects(selector string, r *rule.Rule) bool {
	return selector == r.ID || selector == r.Family() || slices.Contains(r.Aliases, selector)
}

// Parse reads a comment with its markers, which stands at pos, and returns
// nil if it is no directive.
func Parse(comment string, pos token.Pos) *Directive {
	end := pos + token.Pos(len(comment))
	text, ok := strings.CutPrefix(comment, Prefix)
	if !ok {
		if isNoLint(comment) {
			return &Directive{Kind: NoLint, Pos: pos, End: end}
		}
		return nil
	}
	return parse(Prefix, text, pos, end)
}

// ParseHash is Parse for languages whose comments begin with "#".
func ParseHash(comment string, pos token.Pos) *Directive {
	rest := strings.TrimLeft(strings.TrimPrefix(comment, "#"), blanks)
	text, ok := strings.CutPrefix(rest, "grpclint:")
	if !ok || !strings.HasPrefix(comment, "#") {
		return nil
	}
	return parse(comment[:len(comment)-len(text)], text, pos, pos+token.Pos(len(comment)))
}

// parse reads what stands behind a prefix.
func parse(prefix, text string, pos, end token.Pos) *Directive {
	word, rest := text, ""
	if i := strings.IndexAny(text, blanks); i >= 0 {
		word, rest = text[:i], text[i:]
	}
	d := &Directive{Pos: pos, End: end, Word: word, prefix: prefix}
	if !slices.Contains(Kinds(), word) {
		return d
	}
	d.Kind = Kind(word)
	if d.TakesRules() {
		rest = d.parseSelectors(rest, pos+token.Pos(len(prefix)+len(word)))
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

// isNoLint understands what golangci-lint does: //nolint, //nolint:all and
// //nolint:a,grpclint, with or without a blank in front, each with an
// explanation behind. Where only other linters are meant it is false.
func isNoLint(comment string) bool {
	text := strings.TrimLeft(comment, "/ ")
	rest, ok := strings.CutPrefix(text, "nolint")
	if !ok || !strings.HasPrefix(comment, "//") {
		return false
	}
	if rest == "" || rest[0] == ' ' {
		return true
	}
	names, ok := strings.CutPrefix(rest, ":")
	if !ok {
		return false // a longer word: //nolinters
	}
	names, _, _ = strings.Cut(names, "//")
	for name := range strings.SplitSeq(names, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "grpclint" || name == "all" {
			return true
		}
	}
	return false
}
