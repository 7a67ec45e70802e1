// Package nogotest analyses packages the way Bazel's nogo does: a process
// for each, types from export data, facts from and to files. Tests use it to
// show that the analyzers need no more than that.
package nogotest

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Unit is a package to analyse.
type Unit struct {
	Path      string // import path
	GoVersion string // of its module: "go1.26"
	Module    string
	Files     []string
	Exports   map[string]string // files of export data by package path, of all that the package depends on
	Facts     map[string]string // files of facts by package path, of direct imports only
	Output    string            // file for the package's own facts
}

// A Diagnostic is one that an analyzer has reported.
type Diagnostic struct {
	Rule, Message string
	File          string
	Line, Column  int
}

// Run analyses the package and writes its facts.
func (u *Unit) Run(analyzers []*analysis.Analyzer) ([]Diagnostic, error) {
	pass, err := u.load()
	if err != nil {
		return nil, err
	}
	for _, a := range withPrerequisites(analyzers) {
		for _, fact := range a.FactTypes {
			gob.Register(fact)
		}
	}
	known := make(facts)
	for _, imported := range pass.Pkg.Imports() {
		if file := u.Facts[imported.Path()]; file != "" {
			if err := known.read(file); err != nil {
				return nil, err
			}
		}
	}
	var found []Diagnostic
	results := make(map[*analysis.Analyzer]any)
	for _, a := range withPrerequisites(analyzers) {
		p := *pass
		p.Analyzer = a
		p.ResultOf = make(map[*analysis.Analyzer]any)
		for _, required := range a.Requires {
			p.ResultOf[required] = results[required]
		}
		known.offer(&p)
		p.Report = func(d analysis.Diagnostic) {
			at := p.Fset.Position(d.Pos)
			found = append(found, Diagnostic{d.Category, d.Message, at.Filename, at.Line, at.Column})
		}
		if results[a], err = a.Run(&p); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", a, u.Path, err)
		}
	}
	return found, known.write(u.Output, u.Path)
}

// withPrerequisites lists analyzers and what they require, each behind its
// requirements.
func withPrerequisites(analyzers []*analysis.Analyzer) []*analysis.Analyzer {
	var list []*analysis.Analyzer
	var add func(a *analysis.Analyzer)
	add = func(a *analysis.Analyzer) {
		if slices.Contains(list, a) {
			return
		}
		for _, required := range a.Requires {
			add(required)
		}
		list = append(list, a)
	}
	for _, a := range analyzers {
		add(a)
	}
	return list
}

// load parses and type-checks the package.
func (u *Unit) load() (*analysis.Pass, error) {
	fset := token.NewFileSet()
	pass := &analysis.Pass{Fset: fset, Module: &analysis.Module{Path: u.Module}, ReadFile: os.ReadFile, TypesInfo: &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Instances: make(map[*ast.Ident]types.Instance), Scopes: make(map[ast.Node]*types.Scope),
		Selections: make(map[*ast.SelectorExpr]*types.Selection), FileVersions: make(map[*ast.File]string),
	}}
	for _, name := range u.Files {
		if filepath.Ext(name) != ".go" {
			pass.OtherFiles = append(pass.OtherFiles, name)
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		pass.Files = append(pass.Files, file)
	}
	config := &types.Config{GoVersion: u.GoVersion, Sizes: types.SizesFor("gc", "amd64"), Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if u.Exports[path] == "" {
			return nil, fmt.Errorf("%s has no export data", path)
		}
		return os.Open(u.Exports[path])
	})}
	pass.TypesSizes = config.Sizes
	var err error
	if pass.Pkg, err = config.Check(u.Path, fset, pass.Files, pass.TypesInfo); err != nil {
		return nil, err
	}
	return pass, nil
}

// facts are those of packages, by path and type. No analyzer of grpclint has
// facts about objects.
type facts map[factKey]analysis.Fact

type factKey struct {
	pkg string
	typ reflect.Type
}

// A record is a fact in a file, as other drivers write it, too.
type record struct {
	PkgPath string
	Object  string
	Fact    analysis.Fact
}

func (f facts) read(file string) error {
	data, err := os.ReadFile(file)
	if err != nil || len(data) == 0 {
		return err
	}
	var records []record
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&records); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, r := range records {
		f[factKey{r.PkgPath, reflect.TypeOf(r.Fact)}] = r.Fact
	}
	return nil
}

// write writes the facts of the package itself: those of its imports are
// imported from them only.
func (f facts) write(file, pkg string) error {
	var records []record
	for key, fact := range f {
		if key.pkg == pkg {
			records = append(records, record{PkgPath: pkg, Fact: fact})
		}
	}
	slices.SortFunc(records, func(a, b record) int {
		return strings.Compare(reflect.TypeOf(a.Fact).String(), reflect.TypeOf(b.Fact).String())
	})
	var buf bytes.Buffer
	if len(records) > 0 {
		if err := gob.NewEncoder(&buf).Encode(records); err != nil {
			return err
		}
	}
	return os.WriteFile(file, buf.Bytes(), 0o666)
}

// offer gives facts to a pass.
func (f facts) offer(pass *analysis.Pass) {
	key := func(pkg *types.Package, fact analysis.Fact) factKey { return factKey{pkg.Path(), reflect.TypeOf(fact)} }
	pass.ImportPackageFact = func(pkg *types.Package, fact analysis.Fact) bool {
		known := f[key(pkg, fact)]
		if known != nil {
			reflect.ValueOf(fact).Elem().Set(reflect.ValueOf(known).Elem())
		}
		return known != nil
	}
	pass.ExportPackageFact = func(fact analysis.Fact) { f[key(pass.Pkg, fact)] = fact }
	packages := byPath(pass.Pkg)
	pass.AllPackageFacts = func() []analysis.PackageFact {
		var all []analysis.PackageFact
		for key, fact := range f {
			wanted := slices.ContainsFunc(pass.Analyzer.FactTypes, func(t analysis.Fact) bool { return reflect.TypeOf(t) == key.typ })
			if pkg := packages[key.pkg]; wanted && pkg != nil {
				all = append(all, analysis.PackageFact{Package: pkg, Fact: fact})
			}
		}
		return all
	}
	pass.ImportObjectFact = func(types.Object, analysis.Fact) bool { return false }
	pass.AllObjectFacts = func() []analysis.ObjectFact { return nil }
	pass.ExportObjectFact = func(types.Object, analysis.Fact) { panic(errors.New("facts about objects are not implemented")) }
}

// byPath lists a package and its direct imports.
func byPath(pkg *types.Package) map[string]*types.Package {
	packages := map[string]*types.Package{pkg.Path(): pkg}
	for _, imported := range pkg.Imports() {
		packages[imported.Path()] = imported
	}
	return packages
}
