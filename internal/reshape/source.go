package reshape

import (
	"cmp"
	"fmt"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A source is a file's text and what is to be changed in it.
type source struct {
	text       []byte
	base       int
	edits      []edit
	usesHelper bool
}

type edit struct {
	start, end int
	text       string
}

func (s *source) clone() *source {
	c := *s
	c.edits = slices.Clone(s.edits)
	return &c
}

// replace changes the text between two positions. Of edits at one place the
// first comes first.
func (s *source) replace(pos, end token.Pos, text string) {
	s.edits = append(s.edits, edit{int(pos) - s.base, int(end) - s.base, text})
}

func (s *source) between(pos, end token.Pos) string {
	return string(s.text[int(pos)-s.base : int(end)-s.base])
}

// apply returns the changed text.
func (s *source) apply() []byte {
	edits := slices.Clone(s.edits)
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	var b strings.Builder
	at := 0
	for _, e := range edits {
		if e.start < at {
			continue // inside of one that came before
		}
		b.Write(s.text[at:e.start])
		b.WriteString(e.text)
		at = e.end
	}
	b.Write(s.text[at:])
	return []byte(b.String())
}

// declarations are those of a file that the rewriting adds.
type declarations struct {
	imports map[string]string // by name
	text    []string
}

func newDeclarations() *declarations { return &declarations{imports: make(map[string]string)} }

func (d *declarations) clone() *declarations {
	return &declarations{maps.Clone(d.imports), slices.Clone(d.text)}
}

func (d *declarations) empty() bool { return len(d.text) == 0 }

func (d *declarations) add(format string, args ...any) {
	d.text = append(d.text, fmt.Sprintf(format, args...))
}

// use imports a package under a name, unless another has it.
func (d *declarations) use(name, path string) bool {
	if had, ok := d.imports[name]; ok && had != path {
		return false
	}
	d.imports[name] = path
	return true
}

func (d *declarations) file(name string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\nimport (\n", name)
	for _, name := range slices.Sorted(maps.Keys(d.imports)) {
		if !d.names(name) {
			continue // what names it stayed where it was
		}
		fmt.Fprintf(&b, "\t%s %q\n", name, d.imports[name])
	}
	b.WriteString(")\n")
	for _, text := range d.text {
		b.WriteString("\n" + text + "\n")
	}
	return []byte(b.String())
}

// names reports whether the declarations may name a package: a field of that
// name is none.
func (d *declarations) names(name string) bool {
	qualifier := regexp.MustCompile(`(^|[^\w.])` + regexp.QuoteMeta(name) + `\.`)
	return slices.ContainsFunc(d.text, qualifier.MatchString)
}
