// Package link finds out how the packages of a program are wired together:
// what a call through an interface or a function value runs, where one package
// calls, another implements and a third puts the two together.
//
//	service   type Service struct{ repo Repo }        s.repo.Find(ctx, id)
//	pg        func New(db *sql.DB) *Store              (*Store).Find
//	main      service.New(pg.New(db))                  Service.repo ◀── *pg.Store
//
// It reads the syntax of all packages at once and notes which values go where:
// from expressions into variables, fields, parameters, results and elements,
// whichever object the type checker says that a name is. Each of these is one
// place, whatever the order and the branch in which it is filled. A place
// whose type is an interface or a function holds the types and the functions
// that get there; a call through it hands its arguments on to each of them.
//
// What comes from where nothing is seen, such as a library that returns an
// interface, is unknown, and calls through a place that may hold something
// unknown stay open. Test files do not count: what a test puts into a field
// says nothing about the program. Calls in generated code and through interfaces
// that it declares stay as they are: a call of a generated client is an RPC,
// whatever type it is of.
package link

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/packages"
)

// A Call is a call of which it is known what it runs.
type Call struct {
	Expr    *ast.CallExpr
	Targets []Target // by name
}

// A Target is a function that a call runs, or what it registers.
type Target struct {
	Func *types.Func
	// Type is that of the handlers which a generated RegisterXServer gets as
	// an interface. Func is nil then.
	Type types.Type
	// Wired is where the function, or a value of the type that has it, becomes
	// one of the type through which it is called.
	Wired token.Pos
}

// Package is the path of the one that declares the target; "" if there is none.
func (t Target) Package() string {
	var pkg *types.Package
	if t.Func != nil {
		pkg = t.Func.Pkg()
	} else if named := namedOf(t.Type); named != nil {
		pkg = named.Obj().Pkg()
	}
	if pkg == nil {
		return ""
	}
	return pkg.Path()
}

func (t Target) name() string {
	if t.Func != nil {
		return t.Func.FullName()
	}
	return t.Type.String()
}

// Calls are the calls of a program through interfaces and function values, and
// those that register handlers which they get as interfaces.
type Calls struct {
	// Of holds those that are known by the package in which they stand.
	Of map[*packages.Package][]Call
	// Open is how many are not known.
	Open int
}

// Find returns the calls of the packages, which share a FileSet and have syntax
// and types. Of a package and its variant with tests only one may be given.
func Find(roots []*packages.Package) *Calls {
	g := newGraph()
	for _, root := range roots {
		for _, file := range filesOf(root) {
			g.declare(root, file)
		}
	}
	for _, root := range roots {
		for _, file := range filesOf(root) {
			w := &walker{graph: g, pkg: root, info: root.TypesInfo, generated: ast.IsGenerated(file)}
			w.file(file)
		}
	}
	g.solve()
	calls := &Calls{Of: make(map[*packages.Package][]Call)}
	for _, c := range g.calls {
		if c.expr == nil {
			continue
		}
		if targets := g.targets(c); len(targets) > 0 {
			calls.Of[c.pkg] = append(calls.Of[c.pkg], Call{c.expr, targets})
		} else {
			calls.Open++
		}
	}
	for _, list := range calls.Of {
		slices.SortFunc(list, func(a, b Call) int { return cmp.Compare(a.Expr.Pos(), b.Expr.Pos()) })
	}
	return calls
}

// filesOf returns the files of a package that are no tests.
func filesOf(p *packages.Package) []*ast.File {
	var files []*ast.File
	for _, file := range p.Syntax {
		if !isTest(p.Fset.File(file.FileStart).Name()) {
			files = append(files, file)
		}
	}
	return files
}
