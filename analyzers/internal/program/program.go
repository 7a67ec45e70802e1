// Package program is the one view that every engine has of an analysed
// package: who is called, who calls, what is kept where.
//
//	source ──types──▶ SSA ──resolve──▶ Program
//	                                     │
//	      Callees, Callers, ArgOf        │   calls, whatever stands before
//	      Sources, Held                  │   what a variable, a field holds
//	      Returned                       │   what a function gives back
//	      CallExpr, NeverReturns         ▼   syntax, and where control ends
//	                               flow, and the engines on it
//
// Code says "call f" in many ways: f may be a variable, a field, a bound
// method, a method of an interface that one type implements. The view finds
// out once what stands behind it and writes that into the SSA form
// (resolve.go), so that whoever reads a call there sees a plain one. What
// cannot be known stays as it is, and engines are silent on it. A function
// that is a parameter is another one for each caller: package flow knows that.
//
// Who runs what is asked for in these words:
//
//	of a call      Callees            what it calls: one, or one or the other of several
//	               Real               what that does, if it is a small function of another package
//	               CalleesOrPassed    also through a parameter of which all callers are known
//	               Handings           what it hands to a helper, which calls it
//	               Inside             Callees and Handings that have run when it returns
//	               Running, MayRun    all that it may run, directly or not
//	               SurelyRuns         where a helper always calls what it gets
//	of a function  Callers, Handed    who calls it, and who hands it to a helper
//	               Awaited            whoever runs it goes on only when it has returned
//	               SurelyAt           where an instruction has surely been run
//	of a value     Functions          the functions that it may be
//	               Runs, OnlyRun      what one who gets it does, and that this is all
//	               Follow             where it goes, through all of these
//
// The view is built when the first rule or summary asks for it, once for each
// package, and dropped when the last family has run: an analyzer that carries
// facts runs on every dependency and would, if it required buildssa, have SSA
// built for all of them.
package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/bodies"
	"github.com/grpclint/grpclint/analyzers/internal/budget"
	"github.com/grpclint/grpclint/analyzers/internal/callback"
	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/noreturn"
	"github.com/grpclint/grpclint/analyzers/internal/wiring"
)

// Analyzer's result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintprogram",
	Doc:        "view a package's calls and values on demand\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Requires:   []*analysis.Analyzer{callback.Analyzer, noreturn.Analyzer, bodies.Analyzer, wiring.Analyzer},
	Run:        func(pass *analysis.Pass) (any, error) { return &Package{Meter: new(budget.Meter), pass: pass}, nil },
	ResultType: reflect.TypeFor[*Package](),
}

// A Package builds its view on the first call of Build.
type Package struct {
	// Meter counts the steps of all that is asked about the package.
	Meter *budget.Meter

	pass  *analysis.Pass
	mu    sync.Mutex
	built *Program
	panic any
}

// A Program is the view of one package.
type Program struct {
	Pkg *ssa.Package
	// Funcs are the functions of the source, each followed by the
	// function literals inside it, in the order of the source.
	Funcs []*ssa.Function
	// Meter gives those who follow values their budgets.
	Meter *budget.Meter

	fset *token.FileSet
	expr map[token.Pos]*ast.CallExpr // by opening parenthesis
	ends *noreturn.Index

	helpers *callback.Index
	learned map[*ssa.Function]*callback.Helper // that the syntax does not show
	links   *wiring.Links

	declared  map[*types.Func]*ssa.Function
	imported  map[*types.Func]*ssa.Function // small ones that are built anew; see [Program.Body]
	calls     callIndex
	converted map[*types.TypeName][]Conversion
	cells     cellIndex
	channels  channelIndex
	private   map[*ssa.MakeChan]bool // those that were asked for
	used      *useIndex              // nil until something asks
	run       map[*ssa.Function]bool // literals of which it was asked whether they are only called
	sources   *budget.Memo[ssa.Value, Sources]
	mapped    map[*ssa.MakeMap]Held // those that were asked for
	loops     map[*ssa.Function][]*loops.Loop
	nests     map[*ssa.Function]map[*ssa.BasicBlock][]*control.Loop // asked for so far
}

// CallExpr returns the syntax of a call, or nil for one that is not in the
// source (in a wrapper that SSA makes).
func (p *Program) CallExpr(call ssa.CallInstruction) *ast.CallExpr {
	return p.expr[call.Common().Pos()]
}

// CallAt returns the syntax of the call whose opening parenthesis is at pos,
// where SSA says that a call is, or nil.
func (p *Program) CallAt(pos token.Pos) *ast.CallExpr { return p.expr[pos] }

// CallPos returns where a call begins.
func (p *Program) CallPos(call ssa.CallInstruction) token.Pos {
	if expr := p.CallExpr(call); expr != nil {
		return expr.Pos()
	}
	return call.Pos()
}

// Loops returns the loops of a function, outer ones before inner ones.
func (p *Program) Loops(fn *ssa.Function) []*loops.Loop {
	known, ok := p.loops[fn]
	if !ok {
		known = loops.Of(fn)
		p.loops[fn] = known
	}
	return known
}

// Innermost returns the smallest loop around a block, or nil.
func (p *Program) Innermost(block *ssa.BasicBlock) *loops.Loop {
	return loops.Innermost(p.Loops(block.Parent()), block)
}

// Around returns the loops of a function that hold an instruction, outer ones
// first.
func (p *Program) Around(instr ssa.Instruction) []*control.Loop {
	fn := instr.Parent()
	nests, known := p.nests[fn]
	if !known {
		nests = control.Nests(fn)
		p.nests[fn] = nests
	}
	return nests[instr.Block()]
}

// CalleeName returns the name by which the source calls what a call runs: of
// a function, a method, a variable or a field; "" if it has none.
func (p *Program) CalleeName(call ssa.CallInstruction) string {
	expr := p.CallExpr(call)
	if expr == nil {
		return ""
	}
	fun := ast.Unparen(expr.Fun)
	switch generic := fun.(type) {
	case *ast.IndexExpr:
		fun = generic.X
	case *ast.IndexListExpr:
		fun = generic.X
	}
	switch fun := fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}

// Build returns the view, which is the caller's own: those of others, who may
// ask at the same time, share only what does not change any more. A panic of
// the builder is repeated at every call, so that each rule that needs it fails
// by its own name.
func (p *Package) Build() *Program {
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
		p.built = build(p.pass, p.Meter)
	}
	return p.built.apart()
}

// apart returns the same view with a memory of its own.
func (p *Program) apart() *Program {
	own := *p
	own.begin()
	return &own
}

// begin gives the view an empty memory.
func (p *Program) begin() {
	p.forget()
	p.cells.locals = make(map[*ssa.Alloc]Held)
	p.private = make(map[*ssa.MakeChan]bool)
	p.run = make(map[*ssa.Function]bool)
	p.loops = make(map[*ssa.Function][]*loops.Loop)
	p.nests = make(map[*ssa.Function]map[*ssa.BasicBlock][]*control.Loop)
}

// Release drops the view once nothing will ask for it any more.
func (p *Package) Release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pass != nil {
		endsOf(p.pass).Release()
		helpersOf(p.pass).Release()
	}
	p.built, p.pass = nil, nil
}

func endsOf(pass *analysis.Pass) *noreturn.Index {
	return pass.ResultOf[noreturn.Analyzer].(*noreturn.Index)
}

func helpersOf(pass *analysis.Pass) *callback.Index {
	return pass.ResultOf[callback.Analyzer].(*callback.Index)
}

func build(pass *analysis.Pass, meter *budget.Meter) *Program {
	prog := ssa.NewProgram(pass.Fset, ssa.BuilderMode(0))
	ends := endsOf(pass)
	prog.SetNoReturn(ends.Never)
	// Syntax can name members of direct imports only.
	for _, imported := range pass.Pkg.Imports() {
		prog.CreatePackage(imported, nil, nil, true)
	}
	pkg := prog.CreatePackage(pass.Pkg, pass.Files, pass.TypesInfo, false)
	pkg.Build()

	p := &Program{
		Pkg: pkg, Meter: meter, fset: pass.Fset, ends: ends, helpers: helpersOf(pass),
		expr: make(map[token.Pos]*ast.CallExpr), declared: make(map[*types.Func]*ssa.Function),
		links: pass.ResultOf[wiring.Analyzer].(*wiring.Links),
	}
	if init := pkg.Func("init"); init != nil {
		p.add(init) // initialisers of package variables
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				p.expr[call.Lparen] = call
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
					p.declared[obj] = fn
					p.add(fn)
				}
			}
		}
	}
	for _, fn := range p.Funcs {
		unpack(fn)
	}
	p.buildBodies(pass)
	p.begin()
	p.cells = p.indexCells()
	p.calls = p.indexCalls()
	p.indexConversions()
	p.indexHanded()
	p.indexChannels()
	found := p.resolve()
	p.learn()
	if found || len(p.learned) > 0 {
		p.indexHanded()
		p.indexChannels()
	}
	return p
}

// add lists a function of the source and the literals in it.
func (p *Program) add(fn *ssa.Function) {
	p.Funcs = append(p.Funcs, fn)
	for _, literal := range fn.AnonFuncs {
		p.add(literal)
	}
}

// Outermost returns the declared function around a function literal, or the
// function itself. The literals of package variables are in none, and so are
// apart from each other.
func Outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil && fn.Parent().Synthetic == "" {
		fn = fn.Parent()
	}
	return fn
}

// IsWithin reports whether a function is another one, or a literal in it.
func IsWithin(fn, outer *ssa.Function) bool {
	for fn != nil && fn != outer {
		fn = fn.Parent()
	}
	return fn != nil
}

// NameOf names the declared function that code belongs to, as [funckey.Of] does,
// or the literal of a package variable: "init", "init$1".
func NameOf(fn *ssa.Function) string {
	fn = Outermost(fn)
	if obj, ok := fn.Object().(*types.Func); ok {
		return funckey.Of(obj)
	}
	return fn.Name()
}

// Calls yields the calls of a function, those of go and defer not among them,
// in the order of the source.
func Calls(fn *ssa.Function) iter.Seq[*ssa.Call] {
	return func(yield func(*ssa.Call) bool) {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if call, ok := instr.(*ssa.Call); ok && !yield(call) {
					return
				}
			}
		}
	}
}

// Instructions yields every instruction of the package in the order of the
// source.
func (p *Program) Instructions(yield func(ssa.Instruction) bool) {
	for _, fn := range p.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if !yield(instr) {
					return
				}
			}
		}
	}
}
