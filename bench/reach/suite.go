package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/reshape"
	"github.com/grpclint/grpclint/rule"
)

// everything is the policy of a run that reports all that is found.
type everything struct{}

func (everything) Severity(r *rule.Rule) rule.Severity                     { return r.Severity }
func (everything) FindingSeverity(f *finding.Finding) rule.Severity        { return f.EffectiveSeverity() }
func (everything) Excluded(string, *rule.Rule) bool                        { return false }
func (everything) Lowest(_ *rule.Rule, lowest rule.Severity) rule.Severity { return lowest }

// A suite is the test data with what is found in it.
type suite struct {
	dir     string
	program *load.Program
	cases   []*testCase

	types    map[string]*types.Package    // of all packages, by path
	packages map[string]*packages.Package // that were read from source, by path
}

// A testCase is a package of the test data.
type testCase struct {
	*reshape.Package
	loaded *packages.Package
	folder string // of the module, slash-separated
	before counts
	// directed are the functions with directives, which speak of lines.
	directed map[string]bool
	sites    []*site // in the order of the text; first those with findings
}

// A site is where a finding is, or where good code is.
type site struct {
	*reshape.Site
	rule     *rule.Rule // nil for good code
	function string
	ordinal  int // among the sites of its function
}

// open loads the packages that a pattern names, and chooses their sites.
func open(dir, pattern string) (*suite, error) {
	program := load.Load(load.Config{Dir: dir, Cache: cache.User(), Env: append(os.Environ(), "GOWORK=off"), Patterns: []string{pattern}})
	if len(program.Errors) > 0 {
		return nil, fmt.Errorf("%+v", program.Errors[0])
	}
	// Rewritten packages are no whole programs: what only these tell is left out.
	program.Roots = slices.DeleteFunc(program.Roots, func(p *packages.Package) bool { return program.Between[p] })
	program.Between = nil
	s := &suite{dir: dir, program: program, types: make(map[string]*types.Package), packages: make(map[string]*packages.Package)}
	packages.Visit(program.Roots, func(p *packages.Package) bool {
		s.packages[p.PkgPath] = p
		s.collect(p.Types)
		return true
	}, nil)
	byFile := make(map[string][]lint.Finding)
	findings := s.analyze(program).Findings
	for _, f := range findings {
		byFile[f.Path] = append(byFile[f.Path], f)
	}
	for _, p := range program.Roots {
		if c := s.newCase(p, byFile, findings); c != nil {
			s.cases = append(s.cases, c)
		}
	}
	return s, nil
}

func (s *suite) collect(p *types.Package) {
	if p == nil || s.types[p.Path()] != nil {
		return
	}
	s.types[p.Path()] = p
	for _, imported := range p.Imports() {
		s.collect(imported)
	}
}

// analyze finds what the rules find in each package, as if it was a program of
// its own: none takes back what is found in another.
func (s *suite) analyze(program *load.Program) *lint.Report {
	return lint.Run(lint.Options{
		Dir: s.dir, Policy: everything{}, Severity: rule.Info, FailOn: rule.Info,
		Program: program, ProgramOf: func(pkgPath string) string { return strings.TrimSuffix(pkgPath, "/"+reshape.HelperName) },
	})
}

// notCases are the folders with code that is no rule's, or in other shapes
// already.
var notCases = []string{"stubs/", "shop/", "proof/", "grid/"}

// newCase chooses the sites of a package.
func (s *suite) newCase(p *packages.Package, byFile map[string][]lint.Finding, all []lint.Finding) *testCase {
	folder, err := filepath.Rel(s.dir, p.Dir)
	if err != nil {
		return nil
	}
	folder = filepath.ToSlash(folder)
	for _, prefix := range notCases {
		if strings.HasPrefix(folder+"/", prefix) {
			return nil
		}
	}
	c := &testCase{
		Package: &reshape.Package{Path: p.PkgPath, Fset: s.program.Fset, Files: p.Syntax, Text: make(map[*ast.File][]byte), Types: p.Types, Info: p.TypesInfo},
		loaded:  p, folder: folder, before: make(counts), directed: make(map[string]bool),
	}
	for _, f := range p.Syntax {
		name := s.program.Fset.File(f.FileStart).Name()
		text, err := os.ReadFile(name)
		if err != nil || s.program.Fset.File(f.FileStart).Size() != len(text) {
			return nil
		}
		c.Text[f] = text
		c.before.add(s.program.Fset, f, byFile[name])
		c.before.touch(s.program.Fset, f, all)
		c.noteDirectives(f)
	}
	c.choose(byFile)
	return c
}

var directive = regexp.MustCompile(`^//(grpclint:|nolint|lint:)`)

// noteDirectives notes the functions that a directive speaks of.
func (c *testCase) noteDirectives(f *ast.File) {
	for _, group := range f.Comments {
		for _, comment := range group.List {
			if !directive.MatchString(comment.Text) {
				continue
			}
			for _, decl := range f.Decls {
				d, ok := decl.(*ast.FuncDecl)
				if ok && (d.Doc == group || d.Pos() <= comment.Pos() && comment.Pos() < d.End()) || comment.Pos() < f.Package {
					c.directed[declarationAt(f, decl.Pos())] = true
				}
			}
		}
	}
}

// choose finds the sites: what findings point at, and one expression of each
// function without any.
func (c *testCase) choose(byFile map[string][]lint.Finding) {
	ordinals := make(map[string]int)
	add := func(function string, r *rule.Rule, at *reshape.Site) {
		c.sites = append(c.sites, &site{at, r, function, ordinals[function]})
		ordinals[function]++
	}
	next := func() int { return len(c.sites) + 1 }
	for _, f := range c.Files {
		file := c.Fset.File(f.FileStart)
		for _, found := range byFile[file.Name()] {
			if found.Rule.Family() == "suppress" || found.Line > file.LineCount() || found.EndLine > file.LineCount() {
				continue // of comments, which stay where they are
			}
			pos := file.LineStart(found.Line) + token.Pos(found.Column-1)
			end := file.LineStart(found.EndLine) + token.Pos(found.EndColumn-1)
			if decl := functionAt(f, pos); decl != nil {
				if at := c.Site(pos, end, next()); at != nil {
					add(functionName(decl), found.Rule, at)
				}
			}
		}
	}
	for _, f := range c.Files {
		for _, decl := range f.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok && d.Body != nil && !c.before.any(functionName(d)) {
				if at := c.goodSite(d, next()); at != nil {
					add(functionName(d), nil, at)
				}
			}
		}
	}
}

// goodSite chooses one of the expressions of a function, always the same.
func (c *testCase) goodSite(d *ast.FuncDecl, index int) *reshape.Site {
	var all []ast.Node
	ast.Inspect(d.Body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.CallExpr, *ast.CompositeLit, *ast.FuncLit:
			all = append(all, n)
		}
		return true
	})
	if len(all) == 0 {
		return nil
	}
	start := int(hash(d.Name.Name) % uint32(len(all)))
	for i := range all {
		n := all[(start+i)%len(all)]
		if at := c.Site(n.Pos(), n.End(), index); at != nil {
			return at
		}
	}
	return nil
}

func hash(text string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(text))
	return h.Sum32()
}

func functionAt(f *ast.File, pos token.Pos) *ast.FuncDecl {
	for _, decl := range f.Decls {
		if d, ok := decl.(*ast.FuncDecl); ok && d.Pos() <= pos && pos < d.End() {
			return d
		}
	}
	return nil
}

func functionName(d *ast.FuncDecl) string {
	if d.Recv != nil && len(d.Recv.List) == 1 {
		t := d.Recv.List[0].Type
		if star, ok := t.(*ast.StarExpr); ok {
			t = star.X
		}
		if index, ok := t.(*ast.IndexExpr); ok {
			t = index.X
		}
		if id, ok := t.(*ast.Ident); ok {
			return id.Name + "." + d.Name.Name
		}
	}
	return d.Name.Name
}
