package dial

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// RunsOnce reports whether fn runs at most once in the life of the process,
// or in a program that ends when its work is done: what it leaves open, the
// end of the process closes.
func (i *Info) RunsOnce(fn *ssa.Function) bool {
	return i.engine.runsOnce(fn) || i.engine.life.RunsOnce(fn.Pos())
}

// IsProbe reports whether fn, by its name, only looks whether a server is
// there.
func (i *Info) IsProbe(fn *ssa.Function) bool { return isProbe(Name(fn)) }

// Expr returns the syntax of a call, nil if it has none.
func (i *Info) Expr(call ssa.CallInstruction) *ast.CallExpr {
	e := i.engine
	if e.syntax == nil {
		e.syntax = make(map[token.Pos]*ast.CallExpr)
		for _, file := range e.pass.Files {
			ast.Inspect(file, func(n ast.Node) bool {
				if c, ok := n.(*ast.CallExpr); ok {
					e.syntax[c.Lparen] = c
				}
				return true
			})
		}
	}
	return e.syntax[call.Pos()]
}

// CanClose reports whether the connection of an acquisition can be closed
// through what the call returned.
func (a *Acquisition) CanClose() bool {
	results := a.Instr.Call.Signature().Results()
	for j := range results.Len() {
		t := results.At(j).Type()
		if _, isFunc := types.Unalias(t).Underlying().(*types.Signature); isFunc && a.flow.kinds[program.Result(a.Instr, j)] == Cleanup {
			return true
		}
		obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "Close")
		if fn, ok := obj.(*types.Func); ok && fn.Signature().Params().Len() == 0 && (isConn(t) || a.Kind == Owner) {
			return true
		}
	}
	return false
}

// Origin returns the acquisition of this package that first gets the
// connection, in the functions that the call runs: the dial, or the call of
// another package's function.
func (a *Acquisition) Origin() *Acquisition {
	for range maxChain {
		local, _ := a.flow.engine.callee(&a.Instr.Call)
		if a.Dial != nil || local == nil {
			break
		}
		inner := a.flow.engine.acquisitions(local)
		i := slices.IndexFunc(inner, func(b *Acquisition) bool { return b.Fate.Returns })
		if i < 0 {
			break
		}
		a = inner[i]
	}
	return a
}

// Uses reports whether the connection serves anything but a check whether
// the server is there.
func (a *Acquisition) Uses() bool { return a.used() }

// InLoop reports whether the call stands in a loop of its function.
func (a *Acquisition) InLoop() bool { return a.flow.engine.inLoop(a.Instr.Block()) }

// MayCall reports whether a call may make an RPC on a connection: it is one,
// or it hands the connection to somebody.
func (i *Info) MayCall(call *ssa.CallCommon, conn ssa.Value) bool {
	fn, obj := i.engine.callee(call)
	if obj != nil && (i.Stubs.RPC(obj) != nil || takesCallOptions(obj)) {
		return true
	}
	if obj != nil && (isConnMethod(obj) || i.engine.stubConstructor(obj)) {
		return false
	}
	for j, arg := range program.Args(call) {
		if arg != conn {
			continue
		}
		if fn == nil || j >= len(fn.Params) {
			return true
		}
		s := i.engine.param(fn, j)
		return s.Unary || s.Stream || s.Probe || s.Unclear || s.Escapes
	}
	return false
}

// Leads reports whether v leads to the connection of an acquisition.
func (a *Acquisition) Leads(v ssa.Value) bool { _, ok := a.flow.kinds[v]; return ok }

// Functions returns the functions of the package in the order of the
// source, nil if nothing in it was worth looking at.
func (i *Info) Functions() []*ssa.Function {
	if i.engine == nil || i.engine.index == nil {
		return nil
	}
	return i.engine.index.Funcs
}

// Dialer returns the functions that a dialler argument can be, as far as
// they are in this package; nil if it may be something else.
func (i *Info) Dialer(v ssa.Value) []*ssa.Function { return i.engine.literals(v, 3) }

func (e *engine) literals(v ssa.Value, depth int) []*ssa.Function {
	if depth == 0 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.MakeClosure:
		if fn := e.local(v.Fn.(*ssa.Function)); fn != nil {
			return []*ssa.Function{fn}
		}
	case *ssa.Function:
		if fn := e.local(v); fn != nil {
			return []*ssa.Function{fn}
		}
	case *ssa.ChangeType:
		return e.literals(v.X, depth)
	case *ssa.UnOp:
		// A variable that is set once.
		if alloc, ok := v.X.(*ssa.Alloc); ok {
			if store := onlyStore(alloc); store != nil {
				return e.literals(store.Val, depth-1)
			}
		}
	case *ssa.Call:
		fn, _ := e.callee(&v.Call)
		if fn == nil || v.Call.IsInvoke() {
			return nil
		}
		var all []*ssa.Function
		for _, block := range fn.Blocks {
			if ret, ok := lastInstr(block).(*ssa.Return); ok && len(ret.Results) == 1 {
				made := e.literals(ret.Results[0], depth-1)
				if made == nil {
					return nil
				}
				all = append(all, made...)
			}
		}
		return all
	}
	return nil
}

func onlyStore(alloc *ssa.Alloc) *ssa.Store {
	var only *ssa.Store
	for _, r := range *alloc.Referrers() {
		if store, ok := r.(*ssa.Store); ok {
			if only != nil || store.Addr != alloc {
				return nil
			}
			only = store
		}
	}
	return only
}
