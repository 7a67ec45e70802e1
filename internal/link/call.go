package link

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// callExpr looks at what a call passes, and what it gets back.
func (w *walker) callExpr(x *ast.CallExpr) {
	if w.info.Types[x.Fun].IsType() {
		return
	}
	t := w.info.TypeOf(x.Fun)
	if t == nil {
		return
	}
	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		return // a builtin, or a type parameter
	}
	switch callee := typeutil.Callee(w.info, x).(type) {
	case *types.Builtin:
		return
	case *types.Func:
		callee = callee.Origin()
		if recv := callee.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
			w.invoke(x, callee, sig)
			return
		}
		w.static(x, callee, sig)
	default:
		if lit, ok := ast.Unparen(x.Fun).(*ast.FuncLit); ok {
			w.pass(w.args(x, sig), sig)
			for i := range sig.Results().Len() {
				w.edge(w.result(lit.Pos(), i), w.got(x, sig, i))
			}
			return
		}
		on := newNode()
		w.flow(x.Fun, on)
		w.call(&call{pkg: w.pkg, expr: w.asked(x), on: on, args: w.args(x, sig), gets: w.gets(x, sig)})
	}
}

// invoke looks at a call through an interface.
func (w *walker) invoke(x *ast.CallExpr, method *types.Func, sig *types.Signature) {
	fun, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	on := newNode()
	if sel := w.info.Selections[fun]; sel != nil && len(sel.Index()) > 1 {
		path := sel.Index()[:len(sel.Index())-1]
		if field := fieldAt(sel.Recv(), path); field != nil && w.carries(field.Type()) {
			w.edge(w.of(field), on)
		}
	} else if w.carries(w.info.TypeOf(fun.X)) {
		w.flow(fun.X, on)
	} else {
		return // a context's, an error's
	}
	asked := w.asked(x)
	if file := w.pkg.Fset.File(method.Pos()); file == nil || w.graph.generated[file.Name()] {
		asked = nil
	}
	w.call(&call{pkg: w.pkg, expr: asked, method: method, on: on, args: w.args(x, sig), gets: w.gets(x, sig)})
}

// asked returns the call if somebody may ask what it runs.
func (w *walker) asked(x *ast.CallExpr) *ast.CallExpr {
	if w.generated {
		return nil
	}
	return x
}

// static looks at a call of a function or a method that is named.
func (w *walker) static(x *ast.CallExpr, fn *types.Func, sig *types.Signature) {
	args := w.args(x, sig)
	if w.provides(x, fn) {
		return
	}
	if isRegister(fn) && len(x.Args) == 2 && args[1] != nil && types.IsInterface(w.info.TypeOf(x.Args[1])) {
		w.call(&call{pkg: w.pkg, expr: w.asked(x), on: args[1], registers: true})
	}
	if w.bodies[fn.Pos()] {
		w.pass(args, fn.Signature())
		for i := range sig.Results().Len() {
			if got := w.got(x, sig, i); got != nil {
				w.edge(w.result(fn.Pos(), i), got)
			}
		}
		return
	}
	for _, arg := range args {
		w.escape(arg)
	}
	for i := range sig.Results().Len() {
		w.put(w.got(x, sig, i), nil)
	}
}

// args returns what a call passes, nil where that is of no interest.
func (w *walker) args(x *ast.CallExpr, sig *types.Signature) []*node {
	params := sig.Params()
	if len(x.Args) == 1 && params.Len() > 1 { // f(g())
		args := make([]*node, params.Len())
		for i := range args {
			if w.carries(params.At(i).Type()) {
				args[i] = newNode()
				w.element(x.Args[0], i, args[i])
			}
		}
		return args
	}
	args := make([]*node, len(x.Args))
	for i, arg := range x.Args {
		if j := min(i, params.Len()-1); j >= 0 && w.carries(params.At(j).Type()) {
			args[i] = newNode()
			w.flow(arg, args[i])
		}
	}
	return args
}

// gets returns the nodes of a call's results, nil where they are of no interest.
func (w *walker) gets(x *ast.CallExpr, sig *types.Signature) []*node {
	list := make([]*node, sig.Results().Len())
	for i := range list {
		list[i] = w.got(x, sig, i)
	}
	return list
}

func (w *walker) got(x *ast.CallExpr, sig *types.Signature, i int) *node {
	if !w.carries(sig.Results().At(i).Type()) {
		return nil
	}
	return w.returned(x, i)
}
