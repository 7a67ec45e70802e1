package ctxflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// An index answers, for one package, what SSA does not keep: who calls a
// function, who writes a field, what a closure was made of.
type index struct {
	closures  map[*ssa.Function]*ssa.MakeClosure
	fields    map[*types.Var]*cell
	globals   map[*ssa.Global]*cell
	locals    map[*ssa.Alloc]*cell             // those that were asked for
	converted map[*types.TypeName][]types.Type // interface to the concrete types that become one here
	narrowed  map[*types.TypeName][]types.Type // interface to the generated clients that become one here
	callers   map[*ssa.Function][]callSite
	callbacks map[*ssa.Function][]callback
	// interceptors are what is stored in package variables of a unary
	// client interceptor's type.
	interceptors map[*ssa.Global][]ssa.Value
}

// A cell is a place that holds a context.
type cell struct {
	stored  []ssa.Value
	escapes bool // its address goes where writes cannot be seen
}

// A callSite is one call of a function, or the call of another function
// that calls this one back.
type callSite struct {
	call ssa.CallInstruction
	// shift is 1 if the call's arguments lack the callee's receiver.
	shift int
	// back is set if call hands the function to somebody who calls it.
	back *callback
}

// A callback says that a function calls its func-typed parameter number
// fn with the context o, expressed in the function's own parameters, as
// argument number arg. Parameters are counted as in the signature.
type callback struct {
	fn, arg int
	o       *origin
}

func (f *flow) buildIndex() {
	f.index = index{
		closures:  make(map[*ssa.Function]*ssa.MakeClosure),
		fields:    make(map[*types.Var]*cell),
		globals:   make(map[*ssa.Global]*cell),
		locals:    make(map[*ssa.Alloc]*cell),
		converted: make(map[*types.TypeName][]types.Type),
		narrowed:  make(map[*types.TypeName][]types.Type),
		callers:   make(map[*ssa.Function][]callSite),
		callbacks: make(map[*ssa.Function][]callback),

		interceptors: make(map[*ssa.Global][]ssa.Value),
	}
	for instr := range f.instructions() {
		switch instr := instr.(type) {
		case *ssa.MakeClosure:
			f.index.closures[instr.Fn.(*ssa.Function)] = instr
		case *ssa.Store:
			f.indexStore(instr)
		case *ssa.FieldAddr:
			f.indexFieldAddr(instr)
		case *ssa.ChangeInterface:
			client, ok1 := types.Unalias(instr.X.Type()).(*types.Named)
			named, ok2 := types.Unalias(instr.Type()).(*types.Named)
			if ok1 && ok2 && f.stubs.IsClient(client.Obj()) {
				f.index.narrowed[named.Obj()] = append(f.index.narrowed[named.Obj()], client)
			}
		case *ssa.MakeInterface:
			if named, ok := types.Unalias(instr.Type()).(*types.Named); ok {
				f.index.converted[named.Obj()] = append(f.index.converted[named.Obj()], instr.X.Type())
			}
		}
	}
	for instr := range f.instructions() {
		if call, ok := instr.(ssa.CallInstruction); ok {
			for _, c := range f.callees(call) {
				f.index.callers[c.fn] = append(f.index.callers[c.fn], callSite{call: call, shift: c.shift})
			}
		}
	}
}

// instructions yields every instruction of the package in source order.
func (f *flow) instructions() func(yield func(ssa.Instruction) bool) {
	return func(yield func(ssa.Instruction) bool) {
		for _, fn := range f.funcs {
			for _, block := range fn.Blocks {
				for _, instr := range block.Instrs {
					if !yield(instr) {
						return
					}
				}
			}
		}
	}
}

func (f *flow) indexStore(store *ssa.Store) {
	if global, ok := store.Addr.(*ssa.Global); ok && isUnaryInterceptor(store.Val.Type()) {
		f.index.interceptors[global] = append(f.index.interceptors[global], store.Val)
	}
	if !stub.IsContext(store.Val.Type()) {
		return
	}
	switch addr := store.Addr.(type) {
	case *ssa.FieldAddr:
		c := cellOf(f.index.fields, fieldOf(addr.X.Type(), addr.Field))
		c.stored = append(c.stored, store.Val)
	case *ssa.Global:
		c := cellOf(f.index.globals, addr)
		c.stored = append(c.stored, store.Val)
	}
}

// indexFieldAddr notes fields whose address is used for more than a load or
// a store.
func (f *flow) indexFieldAddr(addr *ssa.FieldAddr) {
	field := fieldOf(addr.X.Type(), addr.Field)
	if !stub.IsContext(field.Type()) {
		return
	}
	for _, user := range *addr.Referrers() {
		switch user := user.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
			continue
		case *ssa.Store:
			if user.Addr == addr {
				continue
			}
		}
		cellOf(f.index.fields, field).escapes = true
	}
}

func cellOf[K comparable](cells map[K]*cell, key K) *cell {
	c := cells[key]
	if c == nil {
		c = new(cell)
		cells[key] = c
	}
	return c
}

// fieldOf returns field number i of a struct or pointer to struct.
func fieldOf(t types.Type, i int) *types.Var {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.Underlying().(*types.Struct).Field(i).Origin()
}

type callee struct {
	fn    *ssa.Function
	shift int
}

// callees returns the functions of this package that a call may run: the
// static callee, a closure held in a local variable, or the method of the
// one type that becomes the called interface, if only this package can tell.
func (f *flow) callees(call ssa.CallInstruction) []callee {
	common := call.Common()
	if common.IsInvoke() {
		return f.implementers(common)
	}
	fn, shift := f.function(common.Value)
	if fn == nil {
		return nil
	}
	return []callee{{fn, shift}}
}

func (f *flow) implementers(common *ssa.CallCommon) []callee {
	named, ok := types.Unalias(common.Value.Type()).(*types.Named)
	if !ok {
		return nil // a type literal or a type parameter
	}
	if named.Obj().Pkg() != f.pass.Pkg || named.Obj().Exported() {
		return nil // others may implement it
	}
	var only *ssa.Function
	for _, t := range f.index.converted[named.Obj()] {
		fn := f.methodOf(t, common.Method)
		if fn == nil || only != nil && fn != only {
			return nil // which one runs is not known
		}
		only = fn
	}
	if only == nil {
		return nil
	}
	return []callee{{only, 1}}
}

// methodOf returns the function with a body in this package that a call of
// an interface method runs on a value of concrete type t.
func (f *flow) methodOf(t types.Type, method *types.Func) *ssa.Function {
	if types.IsInterface(t) {
		return nil
	}
	sel := types.NewMethodSet(t).Lookup(method.Pkg(), method.Name())
	if sel == nil {
		return nil
	}
	return f.declared(sel.Obj().(*types.Func))
}

// declared returns the SSA function of a function declared in this package.
func (f *flow) declared(obj *types.Func) *ssa.Function {
	obj = obj.Origin()
	if obj.Pkg() != f.pass.Pkg || len(f.funcs) == 0 {
		return nil
	}
	fn := f.funcs[0].Prog.FuncValue(obj)
	if fn == nil || fn.Blocks == nil {
		return nil
	}
	return fn
}

// function resolves a func value to a function with a body in this package.
// shift is 1 for a method value, whose calls lack the receiver.
func (f *flow) function(v ssa.Value) (fn *ssa.Function, shift int) {
	switch v := f.held(v).(type) {
	case *ssa.Function:
		return f.sourceOf(v)
	case *ssa.MakeClosure:
		return f.sourceOf(v.Fn.(*ssa.Function))
	}
	return nil, 0
}

// maxHeld bounds how many variables a func value is followed through. One
// that is only ever given what it holds itself has no end.
const maxHeld = 20

// held sees through local variables that are given one value, and that value
// only, to the value.
func (f *flow) held(v ssa.Value) ssa.Value {
	for range maxHeld {
		switch x := v.(type) {
		case *ssa.ChangeType:
			v = x.X
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return v
			}
			c := f.localCell(x.X)
			if c == nil || c.escapes || len(c.stored) != 1 {
				return v // reassigned: which one it is is not known
			}
			v = c.stored[0]
		default:
			return v
		}
	}
	return v
}

// sourceOf sees through what SSA wraps around a declared function: the
// instance of a generic one, the bound method behind a method value.
func (f *flow) sourceOf(fn *ssa.Function) (*ssa.Function, int) {
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	obj, _ := fn.Object().(*types.Func)
	if fn.Synthetic != "" && obj != nil {
		declared := f.declared(obj)
		if declared == nil {
			return nil, 0
		}
		if len(declared.Params) > len(fn.Params) {
			return declared, 1 // bound: the receiver is a free variable
		}
		return declared, 0
	}
	if fn.Blocks == nil || fn.Pkg == nil || fn.Pkg.Pkg != f.pass.Pkg {
		return nil, 0
	}
	return fn, 0
}

// localCell collects what is stored to a local variable, also by the
// closures that capture it; nil if addr is none.
func (f *flow) localCell(addr ssa.Value) *cell {
	alloc := f.captured(addr)
	if alloc == nil {
		return nil
	}
	c := f.index.locals[alloc]
	if c == nil {
		c = new(cell)
		f.collectStores(alloc, c)
		f.index.locals[alloc] = c
	}
	return c
}

// captured resolves a free variable to the local variable that it is.
func (f *flow) captured(addr ssa.Value) *ssa.Alloc {
	for {
		switch v := addr.(type) {
		case *ssa.Alloc:
			return v
		case *ssa.FreeVar:
			closure := f.index.closures[v.Parent()]
			if closure == nil {
				return nil // a bound method's receiver
			}
			addr = nil
			for i, fv := range v.Parent().FreeVars {
				if fv == v {
					addr = closure.Bindings[i]
				}
			}
		default:
			return nil
		}
	}
}

func (f *flow) collectStores(addr ssa.Value, c *cell) {
	for _, user := range *addr.Referrers() {
		switch user := user.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if user.Addr != addr {
				c.escapes = true
				continue
			}
			c.stored = append(c.stored, user.Val)
		case *ssa.MakeClosure:
			closure := user.Fn.(*ssa.Function)
			for i, binding := range user.Bindings {
				if binding == addr {
					f.collectStores(closure.FreeVars[i], c)
				}
			}
		default:
			c.escapes = true
		}
	}
}

// argument returns what a call passes as parameter p of a function that it
// runs, or nil.
func argument(call ssa.CallInstruction, p *ssa.Parameter, shift int) ssa.Value {
	for i, param := range p.Parent().Params {
		if param == p && i-shift >= 0 && i-shift < len(call.Common().Args) {
			return call.Common().Args[i-shift]
		}
	}
	return nil
}

// signatureIndex counts a parameter without the receiver; -1 for the
// receiver itself.
func signatureIndex(p *ssa.Parameter) int {
	fn := p.Parent()
	for i, param := range fn.Params {
		if param == p {
			if fn.Signature.Recv() != nil {
				return i - 1
			}
			return i
		}
	}
	return -1
}

// calledObject returns the declared function, method or interface method
// that a call names, generic ones as declared; nil for func values.
func calledObject(call ssa.CallInstruction) *types.Func {
	common := call.Common()
	if common.IsInvoke() {
		return common.Method.Origin()
	}
	fn := common.StaticCallee()
	if fn == nil {
		return nil
	}
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	obj, _ := fn.Object().(*types.Func)
	if obj == nil {
		return nil
	}
	return obj.Origin()
}
