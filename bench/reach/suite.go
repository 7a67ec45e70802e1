package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding"
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
	dir   string
	cases []*testCase
	types map[string]*types.Package // of all packages, by path
}

// A testCase is a package of the test data.
type testCase struct {
	*reshape.Package
	folder string                     // of the module, slash-separated
	rules  map[string]map[string]bool // that have findings, by function
	rounds [][]*site
}

// exempt are the cells in which the rewriting changes what the code does, with
// the reason.
var exempt = map[string]map[string]string{
	"package variable": {
		"retry/fresh-key":          "the key is made once, as it should be",
		"conn/per-call":            "the connection is made once, as it should be",
		"conn/leak":                "a connection of the whole program need not be closed",
		"stream/leak":              "a stream of the whole program",
		"deadline/deferred-cancel": "nothing is made in the loop any more",
	},
	"variable": {
		"conn/per-call": "the loop's body, not its condition, makes the connection",
	},
}

// A site is where a finding is, or where good code is.
type site struct {
	*reshape.Site
	rule     *rule.Rule // nil for good code
	function string
}

func open(dir, pattern string) (*suite, error) {
	program := load.Load(load.Config{Dir: dir, Env: append(os.Environ(), "GOWORK=off"), Patterns: []string{pattern}})
	if len(program.Errors) > 0 {
		return nil, fmt.Errorf("%+v", program.Errors[0])
	}
	report := analyze(dir, program)
	byFile := make(map[string][]lint.Finding)
	for _, f := range report.Findings {
		byFile[f.Path] = append(byFile[f.Path], f)
	}
	s := &suite{dir: dir, types: make(map[string]*types.Package)}
	for _, p := range program.Roots {
		s.collect(p.Types)
		if c := s.newCase(program.Fset, p, byFile); c != nil {
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

func analyze(dir string, program *load.Program) *lint.Report {
	return lint.Run(lint.Options{Dir: dir, Policy: everything{}, Severity: rule.Info, FailOn: rule.Info, Analyzers: analyzers.All(), Program: program})
}

// newCase chooses the sites of a package. One that others of the test data
// import stays as it is: they would be another case.
func (s *suite) newCase(fset *token.FileSet, p *packages.Package, byFile map[string][]lint.Finding) *testCase {
	folder, err := filepath.Rel(s.dir, p.Dir)
	folder = filepath.ToSlash(folder)
	if err != nil || strings.HasPrefix(folder, "stubs") || strings.HasPrefix(folder, "shop") || strings.HasPrefix(folder, "proof") {
		return nil
	}
	c := &testCase{
		Package: &reshape.Package{Path: p.PkgPath, Fset: fset, Files: p.Syntax, Text: make(map[*ast.File][]byte), Types: p.Types, Info: p.TypesInfo},
		folder:  folder, rules: make(map[string]map[string]bool),
	}
	for _, imported := range p.Types.Imports() {
		if strings.Contains(imported.Path(), "example.com/testdata") && strings.Contains(imported.Path(), "/internal") {
			return nil // out of reach from elsewhere
		}
	}
	for _, f := range p.Syntax {
		name := fset.File(f.FileStart).Name()
		text, err := os.ReadFile(name)
		if err != nil || fset.File(f.FileStart).Size() != len(text) {
			return nil
		}
		c.Text[f] = text
	}
	index := 0
	next := func() int { index++; return index }
	var bad, good []*site
	for _, f := range p.Syntax {
		file := fset.File(f.FileStart)
		for _, found := range byFile[file.Name()] {
			if found.Rule.Family() == "suppress" {
				continue // of comments, which stay where they are
			}
			if found.Line > file.LineCount() || found.EndLine > file.LineCount() {
				continue
			}
			pos := file.LineStart(found.Line) + token.Pos(found.Column-1)
			end := file.LineStart(found.EndLine) + token.Pos(found.EndColumn-1)
			decl := functionAt(f, pos)
			if decl == nil {
				continue
			}
			function := functionName(decl)
			if c.rules[function] == nil {
				c.rules[function] = make(map[string]bool)
			}
			c.rules[function][found.Rule.ID] = true
			if moved := c.Site(pos, end, next()); moved != nil {
				bad = append(bad, &site{moved, found.Rule, function})
			}
		}
	}
	for _, f := range p.Syntax {
		for _, decl := range f.Decls {
			d, ok := decl.(*ast.FuncDecl)
			if !ok || d.Body == nil || c.rules[functionName(d)] != nil {
				continue
			}
			if moved := c.goodSite(d, next); moved != nil {
				good = append(good, &site{moved, nil, functionName(d)})
			}
		}
	}
	c.rounds = rounds(slices.Concat(bad, good))
	return c
}

// goodSite chooses one of the expressions of a function, always the same.
func (c *testCase) goodSite(d *ast.FuncDecl, next func() int) *reshape.Site {
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
	hash := fnv.New32()
	hash.Write([]byte(d.Name.Name))
	start := int(hash.Sum32() % uint32(len(all)))
	for i := range all {
		n := all[(start+i)%len(all)]
		if moved := c.Site(n.Pos(), n.End(), next()); moved != nil {
			return moved
		}
	}
	return nil
}

// rounds spreads sites over rounds, in each of which a function has one. A
// function that has many findings of a rule is as good as one that has two.
func rounds(sites []*site) [][]*site {
	const most = 3
	var result [][]*site
	count := make(map[string]int)
	for _, s := range sites {
		n := count[s.function]
		if n == most {
			continue
		}
		count[s.function]++
		if n == len(result) {
			result = append(result, nil)
		}
		result[n] = append(result[n], s)
	}
	return result
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

// An outcome says what became of the findings in a shape.
type outcome struct {
	found, bad, good int
	refused          int      // packages
	lost, wrong      []string // "folder: function: rule", sorted
	cells            map[string]*cell
}

// A cell counts for one rule.
type cell struct{ found, of, wrong int }

// A variant is a package in another shape, on its way to the analysis.
type variant struct {
	*testCase
	path  string
	shape string
	sites []*site
}

// try analyses every package in a shape.
func (s *suite) try(shape reshape.Shape) (*outcome, error) {
	overlay := make(map[string][]byte)
	var variants []*variant
	for _, c := range s.cases {
		for _, round := range c.rounds {
			bySite := make(map[*reshape.Site]*site)
			var sites []*reshape.Site
			for _, x := range round {
				bySite[x.Site] = x
				sites = append(sites, x.Site)
			}
			v := reshape.Rewrite(c.Package, shape, sites, func(v *reshape.Variant) bool { return s.fits(c, v) })
			if v == nil {
				continue
			}
			folder := fmt.Sprintf("reshaped/v%d/%s", len(variants), c.folder)
			of := &variant{testCase: c, path: "example.com/testdata/" + folder, shape: shape.Name}
			for _, x := range v.Sites {
				of.sites = append(of.sites, bySite[x])
			}
			// The helper's import path is that of the variant.
			for name, text := range v.Files {
				overlay[filepath.Join(s.dir, filepath.FromSlash(folder), name)] = bytes.ReplaceAll(text, []byte(`"`+c.Path+`/helper"`), []byte(`"`+of.path+`/reshapehelper"`))
			}
			if v.Helper != nil {
				overlay[filepath.Join(s.dir, filepath.FromSlash(folder), "reshapehelper", "helper.go")] = v.Helper
			}
			variants = append(variants, of)
		}
	}
	result := &outcome{cells: make(map[string]*cell)}
	if len(variants) == 0 {
		return result, nil
	}
	program := load.Load(load.Config{Dir: s.dir, Env: append(os.Environ(), "GOWORK=off"), Patterns: []string{"./reshaped/..."}, Overlay: overlay})
	// What the go command refuses, such as an internal package seen from
	// elsewhere, does not count.
	refused := make(map[string]bool)
	for _, e := range program.Errors {
		refused[e.Package] = true
	}
	report := analyze(s.dir, program)
	found := s.byFunction(report, overlay)
	for _, v := range variants {
		if refused[v.path] || refused[v.path+"/reshapehelper"] {
			result.refused++
			continue
		}
		v.judge(result, found[strings.TrimPrefix(v.path, "example.com/testdata/")])
	}
	slices.Sort(result.lost)
	slices.Sort(result.wrong)
	return result, nil
}

// A place is a function of a variant.
type place struct{ function, rule string }

// byFunction counts findings by folder and function.
func (s *suite) byFunction(report *lint.Report, overlay map[string][]byte) map[string]map[place]int {
	parsed := make(map[string]*ast.File)
	fset := token.NewFileSet()
	found := make(map[string]map[place]int)
	for _, f := range report.Findings {
		text, ok := overlay[f.Path]
		if !ok {
			continue
		}
		if parsed[f.Path] == nil {
			parsed[f.Path], _ = parser.ParseFile(fset, f.Path, text, parser.SkipObjectResolution)
		}
		file := parsed[f.Path]
		function := ""
		if tf := fset.File(file.FileStart); f.Line <= tf.LineCount() {
			if d := functionAt(file, tf.LineStart(f.Line)+token.Pos(f.Column-1)); d != nil {
				function = functionName(d)
			} else {
				function = declAt(file, tf.LineStart(f.Line)+token.Pos(f.Column-1))
			}
		}
		folder := strings.TrimSuffix(filepath.ToSlash(filepath.Dir(f.File)), "/reshapehelper")
		if found[folder] == nil {
			found[folder] = make(map[place]int)
		}
		found[folder][place{function, f.Rule.ID}]++
	}
	return found
}

// declAt names the package variable that is declared at a position.
func declAt(f *ast.File, pos token.Pos) string {
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

// judge compares what is found in a variant with what was found before.
func (v *variant) judge(result *outcome, found map[place]int) {
	isMoved := func(function string, index int) bool {
		name := fmt.Sprintf("reshaped%d", index)
		function = strings.ToLower(function[:min(1, len(function))]) + function[min(1, len(function)):]
		rest, ok := strings.CutPrefix(function, name)
		return ok && (rest == "" || rest[0] < '0' || rest[0] > '9')
	}
	for _, x := range v.sites {
		if x.rule == nil {
			result.good++
			for _, p := range slices.SortedFunc(maps.Keys(found), comparePlaces) {
				if r, ok := rule.Lookup(p.rule); ok && r.On && r.Family() != "suppress" && (p.function == x.function || isMoved(p.function, x.index())) {
					result.wrong = append(result.wrong, fmt.Sprintf("wrong %s: %s: %s", v.folder, p.function, p.rule))
					result.cell(p.rule).wrong++
				}
			}
			continue
		}
		if exempt[v.shape][x.rule.ID] != "" {
			continue
		}
		c := result.cell(x.rule.ID)
		c.of++
		result.bad++
		ok := false
		for p := range found {
			if p.rule != x.rule.ID {
				continue
			}
			// At its place, where it was moved to, or at a caller that had
			// none.
			ok = ok || p.function == x.function || isMoved(p.function, x.index()) || !v.rules[p.function][p.rule]
		}
		if ok {
			c.found++
			result.found++
		} else {
			result.lost = append(result.lost, fmt.Sprintf("lost  %s: %s: %s", v.folder, x.function, x.rule.ID))
		}
	}
}

func comparePlaces(a, b place) int {
	return strings.Compare(a.function+" "+a.rule, b.function+" "+b.rule)
}

func (s *site) index() int { return s.Site.Index() }

func (o *outcome) cell(id string) *cell {
	if o.cells[id] == nil {
		o.cells[id] = new(cell)
	}
	return o.cells[id]
}

// fits type-checks a variant.
func (s *suite) fits(c *testCase, v *reshape.Variant) bool {
	fset := token.NewFileSet()
	known := importer(s.types)
	if v.Helper != nil {
		helper, ok := check(fset, c.Path+"/helper", map[string][]byte{"helper.go": v.Helper}, known)
		if !ok {
			return false
		}
		known = maps.Clone(known)
		known[helper.Path()] = helper
	}
	_, ok := check(fset, c.Path, v.Files, known)
	return ok
}

func check(fset *token.FileSet, path string, texts map[string][]byte, known importer) (*types.Package, bool) {
	var files []*ast.File
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		f, err := parser.ParseFile(fset, name, texts[name], parser.SkipObjectResolution)
		if err != nil {
			return nil, false
		}
		files = append(files, f)
	}
	conf := types.Config{Importer: known, Error: func(error) {}}
	p, err := conf.Check(path, fset, files, nil)
	return p, err == nil
}

// importer knows the packages that were loaded.
type importer map[string]*types.Package

func (i importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := i[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%s is not loaded", path)
}
