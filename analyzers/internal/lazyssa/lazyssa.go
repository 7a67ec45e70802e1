// Package lazyssa offers a package's SSA form to those who turn out to need
// it.
//
// It exists because an analyzer that carries facts runs on every dependency
// and so, if it required buildssa, would have SSA built for all of them.
// Here SSA is built when the first rule or summary asks for it, once per
// package, and dropped when the last family has run.
package lazyssa

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/budget"
	"github.com/grpclint/grpclint/analyzers/internal/noreturn"
)

// Analyzer's result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintssa",
	Doc:        "build SSA on demand\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Requires:   []*analysis.Analyzer{noreturn.Analyzer},
	Run:        func(pass *analysis.Pass) (any, error) { return &Package{Meter: new(budget.Meter), pass: pass}, nil },
	ResultType: reflect.TypeFor[*Package](),
}

// A Package builds its SSA form on the first call of Build.
type Package struct {
	// Meter counts the steps of all that is asked about the package.
	Meter *budget.Meter

	pass  *analysis.Pass
	mu    sync.Mutex
	built *SSA
	panic any
}

// SSA is the SSA form of a package.
type SSA struct {
	Pkg *ssa.Package
	// Funcs are the functions of the source, each followed by the
	// function literals inside it, in the order of the source.
	Funcs []*ssa.Function
	// Meter gives those who follow values their budgets.
	Meter *budget.Meter

	calls map[token.Pos]*ast.CallExpr // by opening parenthesis
	ends  *noreturn.Index
}

// CallExpr returns the syntax of a call, or nil for one that is not in the
// source (in a wrapper that SSA makes).
func (s *SSA) CallExpr(call ssa.CallInstruction) *ast.CallExpr {
	return s.calls[call.Common().Pos()]
}

// CallAt returns the syntax of the call whose opening parenthesis is at pos,
// where SSA says that a call is, or nil.
func (s *SSA) CallAt(pos token.Pos) *ast.CallExpr { return s.calls[pos] }

// CallPos returns where a call begins.
func (s *SSA) CallPos(call ssa.CallInstruction) token.Pos {
	if expr := s.CallExpr(call); expr != nil {
		return expr.Pos()
	}
	return call.Pos()
}

// Build returns the package's SSA form. A panic of the builder is repeated
// at every call, so that each rule that needs SSA fails by its own name.
func (p *Package) Build() *SSA {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.panic != nil {
		panic(p.panic)
	}
	if p.built == nil {
		defer func() {
			if p.panic = recover(); p.panic != nil {
				panic(p.panic)
			}
		}()
		p.built = build(p.pass)
		p.built.Meter = p.Meter
	}
	return p.built
}

// Release drops the SSA form once nothing will ask for it any more.
func (p *Package) Release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pass != nil {
		endsOf(p.pass).Release()
	}
	p.built, p.pass = nil, nil
}

func endsOf(pass *analysis.Pass) *noreturn.Index {
	return pass.ResultOf[noreturn.Analyzer].(*noreturn.Index)
}

func build(pass *analysis.Pass) *SSA {
	prog := ssa.NewProgram(pass.Fset, ssa.BuilderMode(0))
	ends := endsOf(pass)
	prog.SetNoReturn(ends.Never)
	// Syntax can name members of direct imports only.
	for _, imported := range pass.Pkg.Imports() {
		prog.CreatePackage(imported, nil, nil, true)
	}
	pkg := prog.CreatePackage(pass.Pkg, pass.Files, pass.TypesInfo, false)
	pkg.Build()

	result := &SSA{Pkg: pkg, calls: make(map[token.Pos]*ast.CallExpr), ends: ends}
	var add func(*ssa.Function)
	add = func(fn *ssa.Function) {
		result.Funcs = append(result.Funcs, fn)
		for _, literal := range fn.AnonFuncs {
			add(literal)
		}
	}
	if init := pkg.Func("init"); init != nil {
		add(init) // initialisers of package variables
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				result.calls[call.Lparen] = call
			}
			return true
		})
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if obj, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
				if fn := prog.FuncValue(obj); fn != nil {
					add(fn)
				}
			}
		}
	}
	return result
}
