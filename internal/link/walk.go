package link

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/types/typeutil"
)

// A walker notes what goes where in a file.
type walker struct {
	*graph
	pkg  *packages.Package
	info *types.Info
	// generated: nobody asks what calls in the file run.
	generated bool
	// within are the functions around, the innermost last.
	within []function
}

// A function is one that is declared or a literal.
type function struct {
	at  token.Pos
	sig *types.Signature
}

func (w *walker) file(file *ast.File) {
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.GenDecl:
			w.node(decl)
		case *ast.FuncDecl:
			fn, ok := w.info.Defs[decl.Name].(*types.Func)
			if ok && decl.Body != nil {
				w.body(function{fn.Pos(), fn.Signature()}, decl.Body)
			}
		}
	}
}

func (w *walker) body(fn function, body *ast.BlockStmt) {
	w.within = append(w.within, fn)
	for i := range fn.sig.Results().Len() {
		if v := fn.sig.Results().At(i); v.Name() != "" && w.carries(v.Type()) {
			w.edge(w.of(v), w.result(fn.at, i))
		}
	}
	w.node(body)
	w.within = w.within[:len(w.within)-1]
}

// node looks at a piece of syntax and all that is in it.
func (w *walker) node(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			if sig, ok := w.info.TypeOf(n).(*types.Signature); ok {
				w.body(function{n.Pos(), sig}, n.Body)
			}
			return false
		case *ast.ValueSpec:
			w.assign(idents(n.Names), n.Values)
		case *ast.AssignStmt:
			w.assign(n.Lhs, n.Rhs)
		case *ast.ReturnStmt:
			w.returns(n)
		case *ast.SendStmt:
			w.flow(n.Value, w.target(n.Chan))
		case *ast.RangeStmt:
			w.ranges(n)
		case *ast.TypeSwitchStmt:
			w.typeSwitch(n)
		case *ast.CompositeLit:
			w.composite(n)
		case *ast.CallExpr:
			w.callExpr(n)
		}
		return true
	})
}

func idents(names []*ast.Ident) []ast.Expr {
	var list []ast.Expr
	for _, name := range names {
		list = append(list, name)
	}
	return list
}

func (w *walker) assign(to, from []ast.Expr) {
	if len(to) == len(from) {
		for i := range to {
			w.flow(from[i], w.target(to[i]))
		}
		return
	}
	if len(from) != 1 {
		return
	}
	for i := range to {
		w.element(from[0], i, w.target(to[i]))
	}
}

// element has a place hold thing i of several that an expression gives.
func (w *walker) element(from ast.Expr, i int, to *node) {
	if to == nil {
		return
	}
	if call, ok := ast.Unparen(from).(*ast.CallExpr); ok {
		results, ok := w.info.TypeOf(call).(*types.Tuple)
		if ok && i < results.Len() && isConcrete(results.At(i).Type()) && !w.carries(results.At(i).Type()) {
			w.put(to, w.typed(results.At(i).Type(), call.Pos())) // which becomes an interface on the way
			return
		}
		w.edge(w.returned(call, i), to)
		return
	}
	if i == 0 { // v, ok := m[k], x.(T), <-c
		w.flow(from, to)
	}
}

// returned is what a call returns as result i.
func (w *walker) returned(call *ast.CallExpr, i int) *node {
	return w.graph.node(place{at: call.Lparen, kind: returned, result: i})
}

func (w *walker) returns(ret *ast.ReturnStmt) {
	if len(w.within) == 0 {
		return
	}
	fn := w.within[len(w.within)-1]
	results := fn.sig.Results()
	for i := range results.Len() {
		if !w.carries(results.At(i).Type()) {
			continue
		}
		switch {
		case len(ret.Results) == results.Len():
			w.flow(ret.Results[i], w.result(fn.at, i))
		case len(ret.Results) == 1:
			w.element(ret.Results[0], i, w.result(fn.at, i))
		}
	}
}

func (w *walker) ranges(n *ast.RangeStmt) {
	for _, v := range []ast.Expr{n.Key, n.Value} {
		if v != nil {
			w.flow(n.X, w.target(v))
		}
	}
}

func (w *walker) typeSwitch(n *ast.TypeSwitchStmt) {
	var x ast.Expr
	switch assign := n.Assign.(type) {
	case *ast.AssignStmt:
		x = assign.Rhs[0]
	case *ast.ExprStmt:
		x = assign.X
	}
	assert, ok := ast.Unparen(x).(*ast.TypeAssertExpr)
	if !ok {
		return
	}
	for _, clause := range n.Body.List {
		if v, ok := w.info.Implicits[clause].(*types.Var); ok && w.carries(v.Type()) {
			w.asserted(assert.X, w.of(v))
		}
	}
}

// asserted has a place hold what an expression of a more general type holds.
func (w *walker) asserted(x ast.Expr, to *node) {
	if w.carries(w.info.TypeOf(x)) {
		w.flow(x, to)
	} else {
		w.put(to, nil)
	}
}

// composite looks at what is put into a struct. Elements of lists and maps
// flow to where the literal goes.
func (w *walker) composite(lit *ast.CompositeLit) {
	t := w.info.TypeOf(lit)
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem() // an element without its type
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				if field, ok := w.info.Uses[key].(*types.Var); ok {
					w.flow(kv.Value, w.carrier(field))
				}
			}
		} else if i < s.NumFields() {
			w.flow(elt, w.carrier(s.Field(i)))
		}
	}
}

// carrier returns the node of a variable; nil if nothing is called through it.
func (w *walker) carrier(v *types.Var) *node {
	if v == nil || v.Name() == "_" || !w.carries(v.Type()) {
		return nil
	}
	return w.of(v)
}

// target returns the node to which an assignment to an expression goes; nil if
// it is none.
func (w *walker) target(x ast.Expr) *node {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		v, _ := w.info.ObjectOf(x).(*types.Var)
		return w.carrier(v)
	case *ast.SelectorExpr:
		v, _ := w.info.Uses[x.Sel].(*types.Var)
		return w.carrier(v)
	case *ast.IndexExpr:
		return w.target(x.X)
	case *ast.StarExpr:
		return w.target(x.X)
	}
	return nil
}

// flow has a place hold what an expression may be.
func (w *walker) flow(x ast.Expr, to *node) {
	if to == nil || x == nil {
		return
	}
	x = ast.Unparen(x)
	t := w.info.TypeOf(x)
	if t == nil {
		return
	}
	if isConcrete(t) && !w.carries(t) {
		w.put(to, w.typed(t, x.Pos()))
		return
	}
	switch x := x.(type) {
	case *ast.Ident:
		w.object(w.info.ObjectOf(x), x.Pos(), to)
	case *ast.SelectorExpr:
		w.selected(x, to)
	case *ast.CallExpr:
		w.called(x, to)
	case *ast.CompositeLit: // a list, a map
		for _, elt := range x.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				elt = kv.Value
			}
			w.flow(elt, to)
		}
	case *ast.FuncLit:
		if sig, ok := t.(*types.Signature); ok {
			w.put(to, w.literal(x, sig))
		}
	case *ast.IndexExpr:
		w.flow(x.X, to) // an element, or an instance of a function
	case *ast.IndexListExpr:
		w.flow(x.X, to)
	case *ast.SliceExpr:
		w.flow(x.X, to)
	case *ast.StarExpr:
		w.flow(x.X, to)
	case *ast.UnaryExpr:
		w.flow(x.X, to)
	case *ast.TypeAssertExpr:
		w.asserted(x.X, to)
	default:
		w.put(to, nil)
	}
}

func (w *walker) object(obj types.Object, at token.Pos, to *node) {
	switch obj := obj.(type) {
	case *types.Var:
		if w.carries(obj.Type()) {
			w.edge(w.of(obj), to)
		} else {
			w.put(to, nil) // of a type that holds anything
		}
	case *types.Func:
		w.put(to, w.function(obj, at))
	case *types.Nil:
	default:
		w.put(to, nil)
	}
}

func (w *walker) selected(x *ast.SelectorExpr, to *node) {
	sel := w.info.Selections[x]
	if sel == nil || sel.Kind() == types.FieldVal {
		w.object(w.info.Uses[x.Sel], x.Pos(), to)
		return
	}
	fn, ok := sel.Obj().(*types.Func)
	if !ok || sel.Kind() != types.MethodVal || types.IsInterface(fn.Signature().Recv().Type()) {
		w.put(to, nil)
		return
	}
	w.put(to, w.function(fn, x.Pos()))
}

func (w *walker) called(call *ast.CallExpr, to *node) {
	if tv := w.info.Types[call.Fun]; tv.IsType() {
		w.asserted(call.Args[0], to)
		return
	}
	if builtin, ok := typeutil.Callee(w.info, call).(*types.Builtin); ok {
		if builtin.Name() == "append" {
			for _, arg := range call.Args {
				w.flow(arg, to)
			}
		}
		return
	}
	w.edge(w.returned(call, 0), to)
}
