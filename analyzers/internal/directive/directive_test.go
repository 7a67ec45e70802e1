package directive

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/rule"
)

var missing = &rule.Rule{ID: "deadline/missing", Aliases: []string{"deadline/absent"}}

// parseFile parses the text of a file and its directives.
func parseFile(t *testing.T, text string) (*token.FileSet, *ast.File, *Set) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "a.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return fset, file, Parse(fset, []*ast.File{file})
}

func TestParseComment(t *testing.T) {
	tests := []struct {
		comment   string
		kind      Kind // "-" if the comment is no directive
		selectors string
		reason    string
	}{
		{"//grpclint:ignore a/b why", Ignore, "a/b", "why"},
		{"//grpclint:ignore a/b,c why not", Ignore, "a/b c", "why not"},
		{"//grpclint:ignore a/b, c why", Ignore, "a/b c", "why"},
		{"//grpclint:ignore a/b,,c why", Ignore, "a/b c", "why"},
		{"//grpclint:ignore\ta/b\twhy", Ignore, "a/b", "why"},
		{"//grpclint:ignore   a/b   why  ", Ignore, "a/b", "why"},
		{"//grpclint:ignore a/b // why", Ignore, "a/b", "why"},
		{"//grpclint:ignore a/b -- why", Ignore, "a/b", "why"},
		{"//grpclint:ignore a/b: why", Ignore, "a/b:", "why"}, // an unknown rule
		{"//grpclint:ignore a/b //", Ignore, "a/b", ""},
		{"//grpclint:ignore a/b", Ignore, "a/b", ""},
		{"//grpclint:ignore // why", Ignore, "", "why"},
		{"//grpclint:ignore", Ignore, "", ""},
		{"//grpclint:file-ignore a/b why", FileIgnore, "a/b", "why"},
		{"//grpclint:idempotent the server compares keys", Idempotent, "", "the server compares keys"},
		{"//grpclint:long-lived", LongLived, "", ""},
		{"//grpclint:ignored a/b why", "", "", ""},
		{"//grpclint:", "", "", ""},
		{"// grpclint:ignore a/b why", "-", "", ""},
		{"//grpclint is a program", "-", "", ""},
		{"/*grpclint:ignore a/b why*/", "-", "", ""},

		{"//nolint", NoLint, "", ""},
		{"// nolint", NoLint, "", ""},
		{"//nolint because", NoLint, "", ""},
		{"//nolint // because", NoLint, "", ""},
		{"//nolint:all", NoLint, "", ""},
		{"//nolint:grpclint", NoLint, "", ""},
		{"//nolint:GRPClint // because", NoLint, "", ""},
		{"//nolint:errcheck,grpclint", NoLint, "", ""},
		{"//nolint:errcheck, grpclint // because", NoLint, "", ""},
		{"//nolint:errcheck", "-", "", ""},
		{"//nolint:errcheck // not grpclint", "-", "", ""},
		{"//nolinters are many", "-", "", ""},
		{"/*nolint*/", "-", "", ""},
	}
	for _, test := range tests {
		text := "package p\n\n" + test.comment + "\n"
		_, file, set := parseFile(t, text)
		if test.kind == "-" {
			if len(set.All()) > 0 {
				t.Errorf("%s: is a directive", test.comment)
			}
			continue
		}
		if len(set.All()) != 1 {
			t.Errorf("%s: %d directives", test.comment, len(set.All()))
			continue
		}
		d := set.All()[0]
		var selectors []string
		for _, s := range d.Selectors {
			selectors = append(selectors, s.Text)
			from := s.Pos - file.FileStart
			if got := text[from : s.End-file.FileStart]; got != s.Text {
				t.Errorf("%s: selector %q is said to stand at %q", test.comment, s.Text, got)
			}
		}
		if d.Kind != test.kind || strings.Join(selectors, " ") != test.selectors || d.Reason != test.reason {
			t.Errorf("%s: kind %q, selectors %q, reason %q", test.comment, d.Kind, selectors, d.Reason)
		}
	}
}

// Each test's source marks with a trailing /*x*/ the lines that are to be
// silent.
func TestScope(t *testing.T) {
	tests := []struct{ name, source string }{
		{"line above", `
func f() {
	a()
	//grpclint:ignore deadline/missing why
	b() /*x*/
	c()
}`},
		{"same line", `
func f() {
	a()
	b() /*x*/ //grpclint:ignore deadline/missing why
	c()
}`},
		{"a comment in front of the code below", `
func f() {
	//grpclint:ignore deadline/missing why
	/* the first */ a() /*x*/
	b()
}`},
		{"statement on several lines, from above", `
func f() {
	//grpclint:ignore deadline/missing why
	b( /*x*/
		1, /*x*/
	) /*x*/
	c()
}`},
		{"statement on several lines, from its first", `
func f() {
	b( /*x*/ //grpclint:ignore deadline/missing why
		1, /*x*/
	) /*x*/
	c()
}`},
		{"one argument", `
func f() {
	b(
		//grpclint:ignore deadline/missing why
		1, /*x*/
		2,
	)
}`},
		{"a block is not silenced with its head", `
func f() {
	//grpclint:ignore deadline/missing why
	if a() && /*x*/
		b() { /*x*/
		c()
	}
}`},
		{"nor is a loop", `
func f() {
	//grpclint:ignore deadline/missing why
	for range 3 { /*x*/
		c()
	}
}`},
		{"nor is a function literal", `
func f() {
	//grpclint:ignore deadline/missing why
	g.Go(func() error { /*x*/
		c()
	})
}`},
		{"but the call of a literal's function is", `
func f() {
	g.Go(func() error {
		//grpclint:ignore deadline/missing why
		return c( /*x*/
			1) /*x*/
	})
}`},
		{"declaration, from above", `
//grpclint:ignore deadline/missing why
func f() { /*x*/
	a() /*x*/
} /*x*/

func g() {}`},
		{"declaration, from its doc comment", `
// f does things.
//
//grpclint:ignore deadline/missing why
func f() { /*x*/
	a() /*x*/
} /*x*/`},
		{"declaration, from within its doc comment", `
//grpclint:ignore deadline/missing why
// f does things.
func f() { /*x*/
	a() /*x*/
} /*x*/`},
		{"declaration, from its first line", `
func f() { /*x*/ //grpclint:ignore deadline/missing why
	a() /*x*/
} /*x*/

func g() {}`},
		{"method of an interface", `
type t interface {
	//grpclint:ignore deadline/missing why
	m( /*x*/
		int) /*x*/
	n()
}`},
		{"variable with a function", `
//grpclint:ignore deadline/missing why
var f = func() { /*x*/
	a() /*x*/
} /*x*/`},
		{"one variable of several", `
var (
	//grpclint:ignore deadline/missing why
	a = b( /*x*/
		1) /*x*/
	c = 2
)`},
		{"two directives above one line", `
func f() {
	//grpclint:ignore suppress why
	//grpclint:ignore deadline/missing why
	b() /*x*/
	c()
}`},
		{"a blank line below", `
func f() {
	//grpclint:ignore deadline/missing why

	b()
}`},
		{"family", `
func f() {
	//grpclint:ignore deadline why
	b() /*x*/
}`},
		{"former name", `
func f() {
	//grpclint:ignore deadline/absent why
	b() /*x*/
}`},
		{"other rule", `
func f() {
	//grpclint:ignore deadline/miss why
	b()
}`},
		{"no reason", `
func f() {
	//grpclint:ignore deadline/missing
	b() /*x*/
}`},
		{"nolint", `
func f() {
	b() /*x*/ //nolint:grpclint
	c()
}`},
		{"statement of intent", `
//grpclint:idempotent deadline/missing
func f() {
	b()
}`},
		{"//line comments do not move lines", `
func f() {
	//grpclint:ignore deadline/missing why
	b() /*x*/
//line grammar.y:5
	c()
//line grammar.y:5
	d()
}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkSilent(t, "package p\n"+test.source+"\n", missing)
		})
	}
}

func TestFileScope(t *testing.T) {
	const body = "\nfunc f() { /*x*/\n\ta() /*x*/\n} /*x*/\n"
	tests := []struct{ name, source string }{
		{"file-ignore above", "//grpclint:file-ignore deadline/missing why\n\npackage p /*x*/\n" + body},
		{"file-ignore below", "package p /*x*/\n" + body + "\n//grpclint:file-ignore deadline/missing why\n"},
		{"file-ignore and //line", "package p /*x*/\n\n//grpclint:file-ignore deadline/missing why\n\n//line grammar.y:5000\nfunc f() { /*x*/\n} /*x*/\n"},
		{"nolint at the package clause", "package p /*x*/ //nolint:grpclint\n" + body},
		{"nolint above the package clause", "//nolint:grpclint\npackage p /*x*/\n" + body},
		{"ignore at the package clause", "package p /*x*/ //grpclint:ignore deadline/missing why\n" + strings.ReplaceAll(body, " /*x*/", "")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { checkSilent(t, test.source, missing) })
	}
}

// checkSilent compares the lines with code on which the rule is silenced
// with those that are marked.
func checkSilent(t *testing.T, source string, r *rule.Rule) {
	t.Helper()
	fset, file, set := parseFile(t, source)
	tokenFile := fset.File(file.FileStart)
	for i, line := range strings.Split(source, "\n") {
		code := strings.TrimSpace(line)
		if code == "" || strings.HasPrefix(code, "//") {
			continue // nothing to be silent about
		}
		want := strings.Contains(line, "/*x*/")
		if got := set.Ignores(fset, r, tokenFile.LineStart(i+1)); got != want {
			t.Errorf("line %d, %s: silent %v, want %v", i+1, code, got, want)
		}
	}
}

func TestUsed(t *testing.T) {
	fset, file, set := parseFile(t, `package p

func f() {
	//grpclint:ignore deadline/missing,deadline/detached,deadline why
	b()
}
`)
	selectors := set.All()[0].Selectors
	used := func() []bool {
		var all []bool
		for _, s := range selectors {
			all = append(all, s.Used())
		}
		return all
	}
	line := func(n int) token.Pos { return fset.File(file.FileStart).LineStart(n) }
	set.Ignores(fset, missing, line(3))
	if !set.WouldIgnore(fset, missing, line(5)) || set.WouldIgnore(fset, missing, line(3)) {
		t.Error("WouldIgnore answers otherwise than Ignores")
	}
	if got := used(); slices.Contains(got, true) {
		t.Errorf("used %v before anything was silenced", got)
	}
	set.Ignores(fset, missing, line(5))
	if got, want := used(), []bool{true, false, true}; !slices.Equal(got, want) {
		t.Errorf("used %v, want %v", got, want)
	}
}

func TestDirectivesDoNotSilenceTheirOwnRules(t *testing.T) {
	unused := &rule.Rule{ID: "suppress/unused"}
	checkSilent(t, "package p\n\n//grpclint:ignore suppress/unused,suppress why\nvar x int\n", unused)
	checkSilent(t, "package p\n\n//nolint:grpclint\nvar x int /*x*/\n", unused)
}

func TestStates(t *testing.T) {
	fset, file, set := parseFile(t, `package p

//grpclint:idempotent the server compares keys
func f() {
	a()
}

func g() {
	b() //grpclint:long-lived ends with the process
}
`)
	at := func(line int) token.Pos { return fset.File(file.FileStart).LineStart(line) }
	tests := []struct {
		kind Kind
		line int
		want bool
	}{
		{Idempotent, 4, true}, {Idempotent, 5, true}, {Idempotent, 9, false},
		{LongLived, 9, true}, {LongLived, 5, false},
	}
	for _, test := range tests {
		if got := set.States(fset, test.kind, at(test.line)); got != test.want {
			t.Errorf("%s on line %d: %v, want %v", test.kind, test.line, got, test.want)
		}
	}
	if set.States(fset, Idempotent, token.NoPos) || set.Ignores(fset, missing, token.NoPos) {
		t.Error("a directive speaks for no position")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("package p\n//grpclint:ignore a/b, c // d\nfunc f() { g(func() {\n}) } //nolint:a,grpclint")
	f.Fuzz(func(t *testing.T, text string) {
		fset := token.NewFileSet()
		file, _ := parser.ParseFile(fset, "a.go", text, parser.ParseComments|parser.SkipObjectResolution)
		if file == nil {
			return
		}
		for _, d := range Parse(fset, []*ast.File{file}).All() {
			for _, s := range d.Selectors {
				if s.Pos < d.Pos || s.End > d.End || s.Text == "" {
					t.Errorf("selector %q at %d-%d of directive at %d-%d", s.Text, s.Pos, s.End, d.Pos, d.End)
				}
			}
		}
	})
}
