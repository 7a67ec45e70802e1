package main

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/types"
	"io"
	"maps"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/reshape"
)

// A variant is a test case in other shapes, ready to be analysed.
type variant struct {
	*testCase
	moves  []move
	roots  []*packages.Package
	byPath map[string]*ast.File
}

// build writes the cases in other shapes, each as plan says, and type-checks
// what comes out. The go command has no part in it: what variants import was
// loaded before.
func (s *suite) build(plans []plan) []*variant {
	variants := make([]*variant, len(plans))
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for i, p := range plans {
		slots <- struct{}{}
		all.Go(func() {
			variants[i] = s.variant(p, fmt.Sprintf("reshaped/%d/%s", i, p.testCase.folder))
			<-slots
		})
	}
	all.Wait()
	return slices.DeleteFunc(variants, func(v *variant) bool { return v == nil })
}

func (s *suite) variant(p plan, folder string) *variant {
	module, _, _ := strings.Cut(p.Path, "/"+p.folder)
	source := *p.Package
	source.Path = module + "/" + folder
	var moves []reshape.Move
	bySite := make(map[*reshape.Site]move)
	for _, m := range p.moves {
		moves = append(moves, reshape.Move{Site: m.Site, Shape: m.shape})
		bySite[m.Site] = m
	}
	v := &variant{testCase: p.testCase}
	written := reshape.Rewrite(&source, moves, func(w *reshape.Variant) bool {
		v.roots = nil
		known := s.types
		if w.Helper != nil {
			helper := s.check(p.loaded, source.Path+"/"+reshape.HelperName, path.Join(folder, reshape.HelperName), map[string][]byte{"helper.go": w.Helper}, known)
			if helper == nil {
				return false
			}
			v.roots = append(v.roots, helper)
			known = maps.Clone(known)
			known[helper.PkgPath] = helper.Types
		}
		whole := s.check(p.loaded, source.Path, folder, w.Files, known)
		if whole == nil {
			return false
		}
		if w.Helper != nil && whole.Imports[v.roots[0].PkgPath] == nil {
			whole.Imports[v.roots[0].PkgPath] = v.roots[0]
		}
		v.roots = append(v.roots, whole)
		return true
	})
	if written == nil {
		return nil
	}
	for _, m := range written.Moves {
		v.moves = append(v.moves, bySite[m.Site])
	}
	v.byPath = make(map[string]*ast.File)
	for _, root := range v.roots {
		for i, name := range root.GoFiles {
			v.byPath[name] = root.Syntax[i]
		}
	}
	return v
}

// check type-checks a package that is like another but for its files, nil if
// that fails.
func (s *suite) check(like *packages.Package, pkgPath, folder string, texts map[string][]byte, known importer) *packages.Package {
	dir := filepath.Join(s.dir, filepath.FromSlash(folder))
	p := &packages.Package{
		ID: pkgPath, PkgPath: pkgPath, Dir: dir, Module: like.Module, TypesSizes: like.TypesSizes, Fset: s.program.Fset,
		Imports: make(map[string]*packages.Package),
		TypesInfo: &types.Info{
			Types:        make(map[ast.Expr]types.TypeAndValue),
			Defs:         make(map[*ast.Ident]types.Object),
			Uses:         make(map[*ast.Ident]types.Object),
			Implicits:    make(map[ast.Node]types.Object),
			Instances:    make(map[*ast.Ident]types.Instance),
			Scopes:       make(map[ast.Node]*types.Scope),
			Selections:   make(map[*ast.SelectorExpr]*types.Selection),
			FileVersions: make(map[*ast.File]string),
		},
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		name, text := filepath.Join(dir, name), texts[name]
		f, err := parser.ParseFile(s.program.Fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil
		}
		p.Name = f.Name.Name
		p.Syntax, p.GoFiles = append(p.Syntax, f), append(p.GoFiles, name)
	}
	p.CompiledGoFiles = p.GoFiles
	config := types.Config{Importer: known, Sizes: like.TypesSizes, Error: func(error) {}}
	if like.Module != nil && like.Module.GoVersion != "" {
		config.GoVersion = "go" + like.Module.GoVersion
	}
	var err error
	if p.Types, err = config.Check(pkgPath, s.program.Fset, p.Syntax, p.TypesInfo); err != nil {
		return nil
	}
	for _, imported := range p.Types.Imports() {
		if source := s.packages[imported.Path()]; source != nil {
			p.Imports[imported.Path()] = source
		}
	}
	return p
}

// An importer knows the packages that were loaded.
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

// try writes the cases as the plans say, analyses what comes out, and judges
// it.
func (s *suite) try(plans []plan) []*verdict {
	variants := s.build(plans)
	program := &load.Program{Fset: s.program.Fset}
	for _, v := range variants {
		program.Roots = append(program.Roots, v.roots...)
	}
	byFile := make(map[string][]lint.Finding)
	for _, f := range s.analyze(program).Findings {
		byFile[f.Path] = append(byFile[f.Path], f)
	}
	var verdicts []*verdict
	for _, v := range variants {
		after := make(counts)
		for name, file := range v.byPath {
			after.add(s.program.Fset, file, byFile[name])
		}
		verdicts = append(verdicts, v.judge(after)...)
	}
	return verdicts
}

// print writes what became of a site.
func (v *variant) print(w io.Writer, x *site) {
	for _, name := range slices.Sorted(maps.Keys(v.byPath)) {
		f := v.byPath[name]
		for _, decl := range f.Decls {
			if v.declares(decl, x) {
				format.Node(w, v.Fset, decl)
				fmt.Fprintln(w)
			}
		}
	}
}

// declares reports whether a declaration is the function of a site, or was
// made by its move.
func (v *variant) declares(decl ast.Decl, x *site) bool {
	if d, ok := decl.(*ast.FuncDecl); ok {
		return functionName(d) == x.function || v.owner(functionName(d)) == x.function
	}
	d := decl.(*ast.GenDecl)
	return slices.ContainsFunc(d.Specs, func(spec ast.Spec) bool {
		switch s := spec.(type) {
		case *ast.ValueSpec:
			return v.owner(s.Names[0].Name) == x.function
		case *ast.TypeSpec:
			return v.owner(s.Name.Name) == x.function
		}
		return false
	})
}
