// Package callgraph tells which functions of a package call which, which RPCs
// they make, and how long the contexts let these take that they hand on.
//
//	func (s *Server) PlaceOrder(ctx, req)
//	    s.pay(ctx, req)  ───────────────▶ Server.pay          the caller's context
//	func (s *Server) pay(ctx, req)
//	    ctx, _ = WithTimeout(ctx, 2s)
//	    s.payments.Charge(ctx, req) ────▶ Payments/Charge     the caller's, 2s at most
//
// A run that sees all packages puts the edges together, with the handlers at one
// end and the RPCs at the other. Nothing of it is needed to judge one package,
// so the analyzer runs only when somebody asks.
package callgraph

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// New returns the analyzer; its Result is a *report.Result. It requires those that
// ask the same view of the package, which serves one at a time.
func New(before ...*analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "grpclintcallgraph",
		Doc:        "tell who calls which RPC\n\nFor grpclint's own graph; it reports nothing.",
		URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
		Run:        run,
		Requires:   append([]*analysis.Analyzer{directive.Analyzer, stub.Analyzer, errflow.Analyzer, testcode.Analyzer}, before...),
		ResultType: reflect.TypeFor[*report.Result](),
	}
}

func run(pass *analysis.Pass) (any, error) {
	w := &walker{
		pass: pass, stubs: pass.ResultOf[stub.Analyzer].(*stub.Index), errors: pass.ResultOf[errflow.Analyzer].(*errflow.Flow),
		directives: pass.ResultOf[directive.Analyzer].(*directive.Set), told: new(report.CallGraph),
	}
	if w.Program = w.errors.Program; w.Program == nil {
		return new(report.Result), nil
	}
	w.limits = newLimits(w.Program)
	for _, fn := range w.Funcs {
		from := program.NameOf(fn)
		if obj, _ := fn.Object().(*types.Func); from == "" || testcode.Is(pass, fn.Pos()) || obj != nil && w.stubs.RPC(obj) != nil {
			continue // a generated stub: its callers make the RPC
		}
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				w.instruction(from, instr)
			}
		}
	}
	return &report.Result{Program: report.Program{CallGraph: w.told}}, nil
}

type walker struct {
	*program.Program

	pass       *analysis.Pass
	stubs      *stub.Index
	errors     *errflow.Flow
	directives *directive.Set
	limits     *flow.Tracer[*limit]
	told       *report.CallGraph
	operands   map[token.Pos][]ast.Expr // see compared; nil until somebody asks
}

func (w *walker) instruction(from string, instr ssa.Instruction) {
	if b, ok := instr.(*ssa.BinOp); ok {
		w.comparison(from, b)
		return
	}
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		w.mentions(from, instr, nil)
		return
	}
	common := call.Common()
	obj := program.CalledObject(common)
	c := report.Call{From: from, Pos: w.CallPos(call), Lparen: common.Pos()}
	switch {
	case obj != nil && w.stubs.RPC(obj) != nil:
		rpc := w.stubs.RPC(obj)
		c.FullMethod, c.Stream = rpc.FullMethod, !rpc.Unary()
	case obj != nil && obj.Pkg() != nil && !common.IsInvoke():
		c.Package, c.Func = obj.Pkg().Path(), funckey.Of(obj)
	}
	c.Context = w.context(call)
	w.told.Calls = append(w.told.Calls, c)
	w.mentions(from, instr, common.Value)
	if obj != nil && !common.IsInvoke() {
		return
	}
	for _, fn := range w.Callees(call) {
		w.runs(from, fn, c)
	}
}

// mentions notes the functions of the package that an instruction hands to
// somebody, who may run them.
func (w *walker) mentions(from string, instr ssa.Instruction, called ssa.Value) {
	for _, operand := range instr.Operands(nil) {
		if *operand == nil || *operand == called {
			continue
		}
		if fn := w.FunctionIn(*operand); fn != nil {
			w.runs(from, fn, report.Call{Pos: instr.Pos(), Context: report.Context{Unknown: true}})
		}
	}
}

// runs notes a function of the package that may run, unless it is a literal of
// the one that it is in.
func (w *walker) runs(from string, fn *ssa.Function, by report.Call) {
	to := program.NameOf(fn)
	if to == from {
		return
	}
	by.From, by.Package, by.Func = from, w.pass.Pkg.Path(), to
	w.told.Calls = append(w.told.Calls, by)
}

// context says what context a call passes.
func (w *walker) context(call ssa.CallInstruction) report.Context {
	for _, arg := range call.Common().Args {
		if stub.IsContext(arg.Type()) {
			return w.tell(w.limits.Of(arg))
		}
	}
	return report.Context{}
}
