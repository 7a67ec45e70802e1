package callback

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/finding"
)

// A body is that of one function that gets functions.
type body struct {
	*Index
	fn     *types.Func
	params map[types.Object]int
	sets   map[types.Object][]set
	uses   map[types.Object][]use
	calls  []call
	left   int // steps
}

// A set gives a variable a value.
type set struct {
	from    ast.Expr // nil for the zero value
	result  int      // of the call that from is, or -1
	element bool     // of what from holds
	pos     token.Pos
	around  []ast.Node // innermost last
}

type use struct {
	id     *ast.Ident
	around []ast.Node
}

type call struct {
	*ast.CallExpr
	around []ast.Node
}

// Limits of what is read of one function.
const (
	maxSteps  = 5000
	maxDepth  = 8
	maxValues = 4
	maxRuns   = 4
)

// read finds out what a function does with the functions that it gets.
func (x *Index) read(fn *types.Func, decl *ast.FuncDecl) *Helper {
	if x.info == nil {
		return nil // released
	}
	b := &body{
		Index: x, fn: fn, params: make(map[types.Object]int), sets: make(map[types.Object][]set),
		uses: make(map[types.Object][]use), left: maxSteps,
	}
	for i := range fn.Signature().Params().Len() {
		b.params[fn.Signature().Params().At(i)] = i
	}
	ast.PreorderStack(decl.Body, nil, func(n ast.Node, stack []ast.Node) bool {
		b.note(n, stack)
		return true
	})
	helper := &Helper{Thin: len(decl.Body.List) == 1 && len(b.calls) == 1}
	for i := range fn.Signature().Params().Len() {
		p := fn.Signature().Params().At(i)
		if !isFunctions(p.Type()) {
			continue
		}
		if runs := b.runs(i); len(runs) > 0 {
			helper.Params = append(helper.Params, Param{Index: i, Only: b.onlyCalled(p, 0), Runs: runs})
		}
	}
	if len(helper.Params) == 0 {
		return nil
	}
	for i := range fn.Signature().Results().Len() {
		helper.Results = append(helper.Results, b.results(decl, i)...)
	}
	return helper
}

// note keeps what a node says of variables and calls.
func (b *body) note(n ast.Node, stack []ast.Node) {
	switch n := n.(type) {
	case *ast.CallExpr:
		b.calls = append(b.calls, call{n, slices.Clone(stack)})
	case *ast.Ident:
		if v, ok := b.info.Uses[n].(*types.Var); ok {
			b.uses[v] = append(b.uses[v], use{n, slices.Clone(stack)})
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			s := set{result: -1, pos: n.End(), around: slices.Clone(stack)}
			switch {
			case n.Tok != token.ASSIGN && n.Tok != token.DEFINE:
				s.from = n.Rhs[0] // something is added to it
				s.element = true
			case len(n.Lhs) == len(n.Rhs):
				s.from = n.Rhs[i]
			default:
				s.from, s.result = n.Rhs[0], i
			}
			b.set(left, s)
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			s := set{result: -1, pos: n.End(), around: slices.Clone(stack)}
			switch {
			case len(n.Values) == len(n.Names):
				s.from = n.Values[i]
			case len(n.Values) == 1:
				s.from, s.result = n.Values[0], i
			}
			b.set(name, s)
		}
	case *ast.RangeStmt:
		if n.Value != nil {
			b.set(n.Value, set{from: n.X, result: -1, element: true, pos: n.Body.Pos(), around: append(slices.Clone(stack), n)})
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			b.set(n.X, set{from: n, result: -1, pos: n.End(), around: slices.Clone(stack)}) // who knows
		}
	}
}

func (b *body) set(left ast.Expr, s set) {
	id, ok := ast.Unparen(left).(*ast.Ident)
	if !ok {
		return
	}
	if v, ok := b.info.ObjectOf(id).(*types.Var); ok {
		b.sets[v] = append(b.sets[v], s)
	}
}

// A kind says what a value is.
type kind int

const (
	other  kind = iota
	zero        // nil, or what a variable is that nothing was stored in
	passed      // made of a parameter, or of none
	gotten      // what a parameter returns
)

type value struct {
	kind kind
	Value
	fn, result int // of what is gotten
}

// values are what an expression may be, at its place.
func (b *body) values(expr ast.Expr, depth int) []value {
	if b.left--; b.left < 0 || depth > maxDepth {
		return []value{{}}
	}
	switch expr := ast.Unparen(expr).(type) {
	case *ast.Ident:
		if b.info.Types[expr].IsNil() {
			return []value{{kind: zero}}
		}
		if v, ok := b.info.ObjectOf(expr).(*types.Var); ok && !v.IsField() {
			return b.variable(v, expr.Pos(), depth+1)
		}
	case *ast.IndexExpr:
		if id, ok := ast.Unparen(expr.X).(*ast.Ident); ok && isFunctions(b.info.TypeOf(id)) {
			return b.values(id, depth+1) // one of the functions
		}
	case *ast.TypeAssertExpr:
		return b.values(expr.X, depth+1)
	case *ast.CallExpr:
		return b.called(expr, 0, depth+1)
	}
	return []value{{}}
}

// variable is what a variable holds where it is read: what was stored last in
// each of the ways that lead there, as far as the places tell.
func (b *body) variable(v *types.Var, at token.Pos, depth int) []value {
	if isPackageVariable(v) {
		return []value{{}}
	}
	sets := b.sets[v]
	last := -1
	for i, s := range sets {
		if s.pos <= at && contains(s.around[len(s.around)-1], at) && (last < 0 || s.pos > sets[last].pos) {
			last = i
		}
	}
	var all []value
	if i, ok := b.params[v]; ok && last < 0 {
		all = append(all, value{kind: passed, Value: Value{Param: i + 1}})
	} else if !ok && len(sets) == 0 {
		if !b.isResult(v) {
			return []value{{}} // a parameter of a literal
		}
	}
	for i, s := range sets {
		switch {
		case i == last:
		case s.pos > at && !again(s, at), last >= 0 && s.pos < sets[last].pos && !inLiteral(s, at):
			continue
		}
		for _, v := range b.stored(s, depth) {
			if !slices.ContainsFunc(all, func(known value) bool { return reflect.DeepEqual(known, v) }) {
				all = append(all, v)
			}
		}
		if len(all) > maxValues {
			return []value{{}}
		}
	}
	return all
}

func isPackageVariable(v types.Object) bool {
	return v == nil || v.Pkg() == nil || v.Parent() == v.Pkg().Scope()
}

func (b *body) isResult(v *types.Var) bool {
	for r := range b.fn.Signature().Results().Variables() {
		if r == v {
			return true
		}
	}
	return false
}

func (b *body) stored(s set, depth int) []value {
	switch {
	case s.from == nil:
		return []value{{kind: zero}}
	case s.element:
		if isFunctions(b.info.TypeOf(s.from)) {
			return b.values(s.from, depth) // one of the functions
		}
		return []value{{}}
	case s.result >= 0:
		switch from := ast.Unparen(s.from).(type) {
		case *ast.CallExpr:
			return b.called(from, s.result, depth)
		case *ast.TypeAssertExpr:
			if s.result == 0 {
				return b.values(from.X, depth)
			}
		}
		return []value{{}}
	}
	return b.values(s.from, depth)
}

// again: control comes back to a place, after a statement that stands below
// it, or runs a literal there that was made before.
func again(s set, at token.Pos) bool {
	for _, around := range s.around {
		switch around.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if contains(around, at) {
				return true
			}
		}
	}
	return inLiteral(s, at)
}

// inLiteral: a statement is in a literal that the place is not in.
func inLiteral(s set, at token.Pos) bool {
	return slices.ContainsFunc(s.around, func(n ast.Node) bool {
		_, isLiteral := n.(*ast.FuncLit)
		return isLiteral && !contains(n, at)
	})
}

func contains(n ast.Node, at token.Pos) bool { return n.Pos() <= at && at < n.End() }

// called is what result i of a call is.
func (b *body) called(call *ast.CallExpr, i, depth int) []value {
	if b.info.Types[call.Fun].IsType() && len(call.Args) == 1 {
		return b.values(call.Args[0], depth)
	}
	if f, ok := b.function(call.Fun, depth); ok {
		return []value{{kind: gotten, fn: f, result: i}}
	}
	fn := callee(b.info, call)
	if fn == nil {
		return []value{{}}
	}
	if helper := b.of(fn.Origin()); helper != nil {
		if found := b.through(helper, call, i, depth); len(found) > 0 {
			return found
		}
	}
	return b.made(fn, call, i, depth)
}

// through is what a call of another helper returns.
func (b *body) through(helper *Helper, call *ast.CallExpr, i, depth int) []value {
	var all []value
	for _, r := range helper.Results {
		if r.Index != i || r.Func >= len(call.Args) {
			continue
		}
		arg := ast.Unparen(call.Args[r.Func])
		if f, ok := b.function(arg, depth); ok {
			all = append(all, value{kind: gotten, fn: f, result: r.Of})
		} else if literal, ok := arg.(*ast.FuncLit); ok {
			all = append(all, b.returned(literal.Type, literal.Body, r.Of, depth)...)
		} else {
			all = append(all, value{})
		}
		if !r.Only {
			all = append(all, value{})
		}
	}
	return all
}

// made is a value that a function makes of its one argument of that type.
func (b *body) made(fn *types.Func, call *ast.CallExpr, i, depth int) []value {
	results := fn.Signature().Results()
	if i >= results.Len() || fn.Pkg() == nil {
		return []value{{}}
	}
	var of ast.Expr
	for _, arg := range call.Args {
		if types.Identical(b.info.TypeOf(arg), results.At(i).Type()) {
			if of != nil {
				return []value{{}} // which one is not known
			}
			of = arg
		}
	}
	if of == nil {
		return []value{{kind: passed, Value: Value{
			Through: []string{fn.FullName()}, Place: finding.RemoteAt(b.fset, b.pkg.Path(), call.Pos(), token.NoPos),
		}}}
	}
	var all []value
	for _, v := range b.values(of, depth) {
		if v.kind != passed {
			all = append(all, value{})
			continue
		}
		v.Through = append(slices.Clone(v.Through), fn.FullName())
		all = append(all, v)
	}
	return all
}

// function: an expression is one of the function's own parameters, or one of
// those that a parameter holds.
func (b *body) function(expr ast.Expr, depth int) (param int, ok bool) {
	expr = ast.Unparen(expr)
	switch expr.(type) {
	case *ast.Ident, *ast.IndexExpr:
	default:
		return 0, false
	}
	if t := b.info.TypeOf(expr); t == nil || !isFunctions(t) {
		return 0, false
	}
	for _, v := range b.values(expr, depth) {
		if v.kind == passed && v.Param > 0 && len(v.Through) == 0 && isFunctions(b.fn.Signature().Params().At(v.Param-1).Type()) {
			return v.Param - 1, true
		}
	}
	return 0, false
}

// runs are the calls of a parameter.
func (b *body) runs(param int) []Run {
	var list []Run
	add := func(r Run) {
		if len(list) < maxRuns && !slices.ContainsFunc(list, func(known Run) bool { return reflect.DeepEqual(known, r) }) {
			list = append(list, r)
		}
	}
	for _, c := range b.calls {
		loop, async := b.repeats(c.CallExpr, c.around)
		if f, ok := b.function(c.Fun, 0); ok {
			if f == param {
				add(Run{Loop: loop, Go: async, Args: b.args(c.CallExpr, c.Args)})
			}
			continue
		}
		fn := callee(b.info, c.CallExpr)
		if fn == nil {
			continue
		}
		helper := b.of(fn.Origin())
		if helper == nil {
			continue
		}
		for _, p := range helper.Params {
			if f, ok := b.handed(c.CallExpr, p.Index); !ok || f != param {
				continue
			}
			for _, r := range p.Runs {
				add(Run{Loop: loop || r.Loop, Go: async || r.Go, Args: b.bound(c.CallExpr, r.Args)})
			}
		}
	}
	return list
}

// handed: a call passes a parameter on.
func (b *body) handed(call *ast.CallExpr, index int) (param int, ok bool) {
	if index >= len(call.Args) {
		return 0, false
	}
	return b.function(call.Args[index], 0)
}

// args are what a call passes.
func (b *body) args(call *ast.CallExpr, args []ast.Expr) []Value {
	list := make([]Value, len(args))
	for i, arg := range args {
		if v := b.values(arg, 0); len(v) == 1 && v[0].kind == passed && !call.Ellipsis.IsValid() {
			list[i] = v[0].Value
		}
	}
	return list
}

// bound is what another helper passes that is called here.
func (b *body) bound(call *ast.CallExpr, args []Value) []Value {
	list := make([]Value, len(args))
	for i, arg := range args {
		if arg.Param == 0 {
			list[i] = arg
			continue
		}
		if arg.Param > len(call.Args) {
			continue
		}
		if v := b.values(call.Args[arg.Param-1], 0); len(v) == 1 && v[0].kind == passed {
			v[0].Through = slices.Concat(v[0].Through, arg.Through)
			list[i] = v[0].Value
		}
	}
	return list
}

// repeats: a node may run again and again, or in a goroutine of its own.
func (b *body) repeats(at ast.Node, around []ast.Node) (loop, async bool) {
	for i, n := range around {
		inner := at
		if i+1 < len(around) {
			inner = around[i+1]
		}
		switch n := n.(type) {
		case *ast.ForStmt:
			loop = loop || n.Init != inner
		case *ast.RangeStmt:
			loop = loop || n.X != inner
		case *ast.GoStmt:
			async = true
		case *ast.AssignStmt:
			literal, ok := inner.(*ast.FuncLit)
			if i := slices.Index(n.Rhs, ast.Expr(literal)); ok && len(n.Lhs) == len(n.Rhs) {
				async = async || b.isStarted(n.Lhs[i])
			}
		case *ast.CallExpr:
			literal, ok := inner.(*ast.FuncLit)
			if !ok {
				continue
			}
			fn := callee(b.info, n)
			if fn == nil {
				continue
			}
			helper := b.of(fn.Origin())
			if helper == nil {
				continue
			}
			if p := helper.Param(slices.Index(n.Args, ast.Expr(literal))); p != nil {
				loop = loop || slices.ContainsFunc(p.Runs, func(r Run) bool { return r.Loop })
				async = async || p.Async()
			}
		}
	}
	return loop, async
}

// isStarted: a function in a variable runs in a goroutine.
func (b *body) isStarted(variable ast.Expr) bool {
	id, ok := variable.(*ast.Ident)
	return ok && slices.ContainsFunc(b.uses[b.info.ObjectOf(id)], func(u use) bool {
		last := len(u.around) - 1
		if last < 1 {
			return false
		}
		_, starts := u.around[last-1].(*ast.GoStmt)
		return starts && u.around[last].(*ast.CallExpr).Fun == u.id
	})
}

// onlyCalled: nothing is done with a function but to call it, to hand it to
// somebody who only calls it, and to see whether there is one.
func (b *body) onlyCalled(v types.Object, depth int) bool {
	if depth > maxDepth {
		return false
	}
	return !slices.ContainsFunc(b.uses[v], func(u use) bool { return !b.isCall(u, depth) })
}

func (b *body) isCall(u use, depth int) bool {
	expr := ast.Expr(u.id)
	for i := len(u.around) - 1; i >= 0; i-- {
		switch n := u.around[i].(type) {
		case *ast.ParenExpr:
			expr = n
			continue
		case *ast.IndexExpr:
			if n.X != expr {
				return false
			}
			expr = n
			continue
		case *ast.CallExpr:
			if n.Fun == expr {
				return true
			}
			if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "len" && b.info.Types[n.Fun].IsBuiltin() {
				return true
			}
			fn := callee(b.info, n)
			if fn == nil {
				return false
			}
			helper := b.of(fn.Origin())
			if helper == nil {
				return false
			}
			p := helper.Param(slices.Index(n.Args, expr))
			return p != nil && p.Only
		case *ast.BinaryExpr:
			return n.Op == token.EQL || n.Op == token.NEQ
		case *ast.RangeStmt:
			id, ok := n.Value.(*ast.Ident)
			return n.X == expr && (n.Value == nil || ok && (id.Name == "_" || b.onlyCalled(b.info.ObjectOf(id), depth+1)))
		case *ast.AssignStmt:
			if len(n.Lhs) != 1 || len(n.Rhs) != 1 {
				return false
			}
			if n.Lhs[0] == expr {
				return true
			}
			id, ok := n.Lhs[0].(*ast.Ident)
			return ok && !isPackageVariable(b.info.ObjectOf(id)) && b.onlyCalled(b.info.ObjectOf(id), depth+1)
		}
		return false
	}
	return false
}

// results are the results of parameters that the function returns as its
// result i.
func (b *body) results(decl *ast.FuncDecl, i int) []Result {
	var list []Result
	only := true
	for _, v := range b.returned(decl.Type, decl.Body, i, 0) {
		switch v.kind {
		case zero:
		case gotten:
			r := Result{Index: i, Func: v.fn, Of: v.result}
			if !slices.Contains(list, r) {
				list = append(list, r)
			}
		default:
			only = false
		}
	}
	for j := range list {
		list[j].Only = only
	}
	return list
}

// returned is what a function or a literal returns as its result i.
func (b *body) returned(of *ast.FuncType, in *ast.BlockStmt, i, depth int) []value {
	var all []value
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			switch {
			case len(n.Results) == 0:
				if v := named(b.info, of, i); v != nil {
					all = append(all, b.variable(v, n.Pos(), depth+1)...)
				} else {
					all = append(all, value{})
				}
			case i < len(n.Results) && !(len(n.Results) == 1 && i == 0 && isTuple(b.info, n.Results[0])):
				all = append(all, b.values(n.Results[i], depth+1)...)
			default:
				if call, ok := ast.Unparen(n.Results[0]).(*ast.CallExpr); ok {
					all = append(all, b.called(call, i, depth+1)...)
				}
			}
		}
		return true
	})
	return all
}

func isTuple(info *types.Info, expr ast.Expr) bool {
	_, ok := info.TypeOf(expr).(*types.Tuple)
	return ok
}

// named returns the variable of result i, or nil.
func named(info *types.Info, of *ast.FuncType, i int) *types.Var {
	for _, field := range of.Results.List {
		for _, name := range field.Names {
			if i == 0 {
				v, _ := info.Defs[name].(*types.Var)
				return v
			}
			i--
		}
	}
	return nil
}

// callee returns the function or method that a call names, or nil.
func callee(info *types.Info, call *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(info, call).(*types.Func)
	return fn
}
