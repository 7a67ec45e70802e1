// Package reshape rewrites Go code into the other shapes that people write
// the same thing in, without changing what it does. A rule that finds a
// mistake in one shape has to find it in all of them, and one that is silent
// has to stay silent.
//
//	ctx := context.Background()         the code of a test package
//	        └──────── e ───────┘        a site: an expression to move
//
//	ctx := h()                          a shape: as a function, a method, a
//	func h() context.Context {          closure, a value in a field ...
//		return context.Background()
//	}
//
// A package is rewritten at several sites at once, at most one in each
// function, so that a whole test package costs one more package for each
// shape. Sites at which a shape does not type-check are left as they are.
package reshape

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"
)

// A Package is one that was parsed and type-checked.
type Package struct {
	Path  string
	Fset  *token.FileSet
	Files []*ast.File
	Text  map[*ast.File][]byte
	Types *types.Package
	Info  *types.Info
}

// A Site is a place whose code is moved.
type Site struct {
	File *ast.File
	Func *ast.FuncDecl
	Expr ast.Expr // what is moved
	stmt ast.Stmt // the statement that holds it, in a list of statements

	index int // number of the site in its package
	free  []*types.Var
}

// A Shape is another way to write what stands at a site.
type Shape struct {
	Name  string
	Group string // "helper", "place" or "control"

	// rewrite returns the edits, or false where the shape does not fit.
	rewrite func(*rewriter) bool
}

// Shapes returns all shapes, in the order of the table.
func Shapes() []Shape { return slices.Concat(helperShapes(), placeShapes(), controlShapes()) }

// A Move writes a site in a shape.
type Move struct {
	*Site
	Shape Shape
}

// A Variant is a package in other shapes.
type Variant struct {
	Files  map[string][]byte // by base name
	Helper []byte            // the package reshapehelper below it; nil for none
	Moves  []Move            // that were made
}

// Rewrite writes a package in other shapes, as far as that is possible. fits
// tells whether a variant type-checks: a move because of which it does not is
// left out. The variant returned is the last one that fits was asked about.
func Rewrite(p *Package, moves []Move, fits func(*Variant) bool) *Variant {
	v := p.variant(moves)
	switch {
	case len(v.Moves) == 0:
		return nil
	case fits(v):
		return v
	}
	v = p.variant(p.fitting(nil, v.Moves, fits))
	if len(v.Moves) == 0 || !fits(v) {
		return nil
	}
	return v
}

// fitting adds to the moves that fit already those of some more that fit with
// them, one half after the other; all of these do not.
func (p *Package) fitting(kept, more []Move, fits func(*Variant) bool) []Move {
	if len(more) == 1 {
		return kept
	}
	half := len(more) / 2
	for _, part := range [][]Move{more[:half], more[half:]} {
		if v := p.variant(slices.Concat(kept, part)); fits(v) {
			kept = v.Moves
		} else {
			kept = p.fitting(kept, part, fits)
		}
	}
	return kept
}

func (p *Package) variant(moves []Move) *Variant {
	v := &Variant{Files: make(map[string][]byte)}
	files := make(map[*ast.File]*source)
	for _, f := range p.Files {
		files[f] = &source{text: p.Text[f], base: p.Fset.File(f.FileStart).Base()}
	}
	extra := make(map[*ast.File]*declarations)
	helper := newDeclarations()
	for _, move := range moves {
		site := move.Site
		own := extra[site.File]
		if own == nil {
			own = newDeclarations()
		}
		w := &rewriter{Package: p, Site: site, source: files[site.File].clone(), own: own.clone(), helper: helper.clone()}
		if !move.Shape.rewrite(w) || w.failed {
			continue
		}
		files[site.File], extra[site.File], helper = w.source, w.own, w.helper
		v.Moves = append(v.Moves, move)
	}
	for _, f := range p.Files {
		name := path.Base(p.Fset.File(f.FileStart).Name())
		text := p.blankUnused(f, files[f].apply())
		if !helper.empty() && files[f].usesHelper {
			text = addImport(text, HelperName, p.Path+"/"+HelperName)
		}
		v.Files[name] = text
		if d := extra[f]; d != nil && !d.empty() {
			v.Files["reshape_"+name] = d.file(p.Types.Name())
		}
	}
	if !helper.empty() {
		v.Helper = helper.file(HelperName)
	}
	return v
}

// HelperName is the name of the helper package, which is in a folder of this
// name below the other.
const HelperName = "reshapehelper"

// addImport adds an import behind the package clause.
func addImport(text []byte, name, importPath string) []byte {
	s := string(text)
	i := strings.Index(s, "\nimport ")
	if i < 0 {
		return text
	}
	return []byte(s[:i] + "\nimport " + name + " \"" + importPath + "\"\n" + s[i:])
}

// blankUnused keeps the imports whose last use was moved to another file, as
// imports for their effects.
func (p *Package) blankUnused(original *ast.File, text []byte) []byte {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return text // does not fit, and is not used
	}
	used := make(map[string]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				used[id.Name] = true
			}
		}
		return true
	})
	blank := &source{text: text, base: fset.File(file.FileStart).Base()}
	for i, spec := range original.Imports { // the same ones, in the same order
		if name := importName(p.Info, spec); name != "" && name != "_" && name != "." && !used[name] {
			now := file.Imports[i]
			blank.replace(now.Pos(), now.Path.Pos(), "_ ")
		}
	}
	return blank.apply()
}
