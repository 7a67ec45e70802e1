package dial

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// RunsOnce reports whether fn runs at most once in the life of the process,
// or in a program that ends when its work is done: what it leaves open, the
// end of the process closes.
func (i *Info) RunsOnce(fn *ssa.Function) bool {
	return i.engine.runsOnce(fn) || i.engine.life.RunsOnce(fn.Pos())
}

// Expr returns the syntax of a call, nil if it has none.
func (i *Info) Expr(call ssa.CallInstruction) *ast.CallExpr { return i.engine.index.CallExpr(call) }

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
		if a.from == nil {
			break
		}
		inner := a.flow.engine.acquisitions(a.from)
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
func (i *Info) MayCall(call *ssa.CallCommon, isConn func(ssa.Value) bool) bool {
	fn, obj := i.engine.callee(call)
	if obj != nil && (i.Stubs.RPC(obj) != nil || stub.TakesCallOptions(obj)) {
		return true
	}
	if obj != nil && (isConnMethod(obj) || i.engine.stubConstructor(obj)) {
		return false
	}
	for j, arg := range program.Args(call) {
		if !isConn(arg) {
			continue
		}
		s := i.engine.paramOf(fn, obj, j)
		return s == nil || s.Unary || s.Stream || s.Probe || s.Unclear || s.Escapes
	}
	return false
}

// Connects reports whether a call tells a connection to connect, or hands it to
// somebody who does.
func (i *Info) Connects(call *ssa.CallCommon) bool {
	fn, obj := i.engine.callee(call)
	if obj != nil && isConnMethod(obj) {
		return obj.Name() == "Connect"
	}
	for j, arg := range program.Args(call) {
		if s := i.engine.paramOf(fn, obj, j); isConn(arg.Type()) && s != nil && s.Connects {
			return true
		}
	}
	return false
}

// Program returns the view of the package, nil if nothing in it was worth
// looking at.
func (i *Info) Program() *program.Program {
	if i.engine == nil {
		return nil
	}
	return i.engine.index
}

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
func (i *Info) Dialer(v ssa.Value) []*ssa.Function {
	var all []*ssa.Function
	for _, source := range i.engine.index.Sources(v) {
		fn := i.engine.index.FunctionIn(source)
		if fn == nil {
			return nil
		}
		all = append(all, fn)
	}
	return all
}
