package link

import (
	"go/ast"
	"go/types"
)

// provides looks at what is given to a container of dependencies, which calls
// functions with what others return, by the types of parameters and results.
// It reports whether the call is one of a container's.
//
// Sources: https://pkg.go.dev/go.uber.org/fx, https://pkg.go.dev/go.uber.org/dig.
// What google/wire writes is Go like any other.
func (w *walker) provides(x *ast.CallExpr, fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "go.uber.org/fx", "go.uber.org/dig":
	default:
		return false
	}
	switch fn.Name() {
	case "Provide", "Invoke", "Decorate":
		as := w.interfaces(x)
		for _, arg := range x.Args {
			w.provider(arg, as)
		}
	case "Supply":
		for _, arg := range x.Args {
			t := w.info.TypeOf(arg)
			if isConcrete(t) {
				w.put(w.provided(t), w.typed(t, arg.Pos()))
			}
		}
	}
	return true
}

// provided is what a container has of a type.
func (w *walker) provided(t types.Type) *node {
	return w.graph.node(place{kind: provided, name: types.TypeString(t, nil)})
}

// interfaces returns the types as which something is provided: As(new(Repo)).
func (w *walker) interfaces(x *ast.CallExpr) []types.Type {
	var list []types.Type
	for _, arg := range x.Args {
		call, ok := ast.Unparen(arg).(*ast.CallExpr)
		if !ok || calledName(call) != "As" {
			continue
		}
		for _, arg := range call.Args {
			if p, ok := w.info.TypeOf(arg).(*types.Pointer); ok && types.IsInterface(p.Elem()) {
				list = append(list, p.Elem())
			}
		}
	}
	return list
}

func calledName(call *ast.CallExpr) string {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}

// provider looks at a function that a container calls.
func (w *walker) provider(x ast.Expr, as []types.Type) {
	if call, ok := ast.Unparen(x).(*ast.CallExpr); ok && calledName(call) == "Annotate" && len(call.Args) > 0 {
		w.provider(call.Args[0], append(w.interfaces(call), as...))
		return
	}
	sig, ok := w.info.TypeOf(x).(*types.Signature)
	if !ok {
		return
	}
	var args, gets []*node
	for param := range sig.Params().Variables() {
		w.in(param.Type())
		if w.carries(param.Type()) {
			args = append(args, w.provided(param.Type()))
		} else {
			args = append(args, nil)
		}
	}
	for result := range sig.Results().Variables() {
		t := result.Type()
		w.out(t)
		var got *node
		switch {
		case len(as) > 0 && isConcrete(t):
			for _, i := range as {
				w.put(w.provided(i), w.typed(t, x.Pos()))
			}
		case len(as) > 0 && w.carries(t):
			got = newNode()
			for _, i := range as {
				w.edge(got, w.provided(i))
			}
		case w.carries(t):
			got = w.provided(t)
		}
		gets = append(gets, got)
	}
	on := newNode()
	w.flow(x, on)
	w.call(&call{pkg: w.pkg, on: on, args: args, gets: gets})
}

// in looks at a parameter that is a struct of things that are provided (fx.In).
func (w *walker) in(t types.Type) {
	for field := range fieldsOf(t, "In") {
		if w.carries(field.Type()) {
			w.edge(w.provided(field.Type()), w.of(field))
		}
	}
}

// out looks at a result that is a struct of things that it provides (fx.Out).
func (w *walker) out(t types.Type) {
	for field := range fieldsOf(t, "Out") {
		if w.carries(field.Type()) {
			w.edge(w.of(field), w.provided(field.Type()))
		}
	}
}

// fieldsOf yields the fields of a struct that embeds a type of a container's
// by that name.
func fieldsOf(t types.Type, name string) func(yield func(*types.Var) bool) {
	return func(yield func(*types.Var) bool) {
		s, ok := t.Underlying().(*types.Struct)
		if !ok {
			return
		}
		embeds := false
		for field := range s.Fields() {
			embeds = embeds || field.Embedded() && field.Name() == name
		}
		if !embeds {
			return
		}
		for field := range s.Fields() {
			if !yield(field) {
				return
			}
		}
	}
}
