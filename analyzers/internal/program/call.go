package program

import (
	"go/token"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
)

// A callIndex knows who calls whom.
type callIndex struct {
	sites  map[*ssa.Function][]ssa.CallInstruction
	valued map[*ssa.Function]bool // used as a value that is not seen to be only called
	// several are the functions that a call runs which may run one or the
	// other.
	several map[ssa.CallInstruction][]*ssa.Function
	boxed   map[*types.TypeName]bool // types of which a value, or a pointer, becomes an interface
	// called are the values that resolved calls call in the source.
	called map[ssa.CallInstruction]ssa.Value
	// presumed is what calls of interfaces' methods run unless another
	// package passes something else.
	presumed map[ssa.CallInstruction]*ssa.Function
	// handed are the calls that hand a function to one that calls it.
	handed map[*ssa.Function][]Handing
}

func (p *Program) indexCalls() callIndex {
	x := callIndex{
		sites: make(map[*ssa.Function][]ssa.CallInstruction), valued: make(map[*ssa.Function]bool),
		several: make(map[ssa.CallInstruction][]*ssa.Function), called: make(map[ssa.CallInstruction]ssa.Value),
		presumed: make(map[ssa.CallInstruction]*ssa.Function),
		boxed:    make(map[*types.TypeName]bool),
	}
	var operands [16]*ssa.Value
	for instr := range p.Instructions {
		if made, ok := instr.(*ssa.MakeInterface); ok {
			x.box(made.X.Type())
		}
		call, isCall := instr.(ssa.CallInstruction)
		if isCall && !call.Common().IsInvoke() {
			callee := p.Local(call.Common().StaticCallee())
			if callee == nil {
				callee = p.Body(call)
			}
			if callee != nil {
				x.sites[callee] = append(x.sites[callee], call)
			}
		}
		for i, operand := range instr.Operands(operands[:0]) {
			if i == 0 && isCall && !call.Common().IsInvoke() {
				continue // the called function itself
			}
			if fn, ok := (*operand).(*ssa.Function); ok {
				if isCall && p.OnlyRun(call, fn) != nil {
					continue
				}
				if closure, ok := instr.(*ssa.MakeClosure); ok && p.onlyCalled(closure, 0) {
					continue
				}
				if local := p.Local(fn); local != nil && !(fn.Parent() != nil && p.onlyCalled(fn, 0)) {
					x.valued[local] = true
				}
			}
		}
	}
	return x
}

// onlyCalled: nothing is done with a function value but to call it, in the
// variables of the function where it is made.
func (p *Program) onlyCalled(v ssa.Value, depth int) bool {
	if v.Referrers() == nil || depth > 4 {
		return false
	}
	for _, user := range *v.Referrers() {
		switch user := user.(type) {
		case *ssa.DebugRef:
		case *ssa.MakeClosure: // of the function; the closure is what counts
			if user.Fn != v || !p.onlyCalled(user, depth+1) {
				return false
			}
		case *ssa.ChangeType:
			if !p.onlyCalled(user, depth+1) {
				return false
			}
		case *ssa.Store:
			alloc, ok := user.Addr.(*ssa.Alloc)
			if !ok || user.Val != v {
				return false
			}
			for _, name := range p.Names(alloc) {
				for _, use := range *name.Referrers() {
					switch use := use.(type) {
					case *ssa.UnOp:
						if !p.onlyCalled(use, depth+1) {
							return false
						}
					case *ssa.DebugRef, *ssa.MakeClosure, *ssa.Store:
					default:
						return false
					}
				}
			}
		case ssa.CallInstruction:
			for i, operand := range user.Operands(nil) {
				if *operand == v && (i > 0 || user.Common().IsInvoke()) && p.OnlyRun(user, v) == nil {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// Local returns the declaration or literal in this package behind fn: itself,
// or the one of which it is an instance or a bound method; else nil.
func (p *Program) Local(fn *ssa.Function) *ssa.Function {
	if fn == nil {
		return nil
	}
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	if fn.Parent() != nil && fn.Pkg == p.Pkg {
		return fn
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return nil
	}
	return p.declared[obj.Origin()]
}

// FunctionIn returns the function of this package that a function value is,
// without a look at where it comes from; nil for others.
func (p *Program) FunctionIn(v ssa.Value) *ssa.Function { return p.Local(FunctionOf(v)) }

// Declared returns the function of a declaration in this package, or nil.
func (p *Program) Declared(obj *types.Func) *ssa.Function {
	if obj == nil {
		return nil
	}
	return p.declared[obj.Origin()]
}

// Callee returns who is called: a function with a body in this package, or at
// least its object. Both are nil for function values of which it is not known
// what they are; a method called through an interface has an object only.
func (p *Program) Callee(call *ssa.CallCommon) (*ssa.Function, *types.Func) {
	return p.Local(call.StaticCallee()), CalledObject(call)
}

// CalledObject returns the declared function, the method or the interface's
// method that a call names, generic ones as declared; nil for function values.
func CalledObject(call *ssa.CallCommon) *types.Func {
	if call.IsInvoke() {
		return call.Method.Origin()
	}
	fn := call.StaticCallee()
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

// Called returns the function value that a call calls in the source, before
// it was found out what that is; nil for a method of an interface.
func (p *Program) Called(call ssa.CallInstruction) ssa.Value {
	if v, ok := p.calls.called[call]; ok {
		return v
	}
	if call.Common().IsInvoke() {
		return nil
	}
	return call.Common().Value
}

// Callees returns the functions of this package that a call may run: the
// callee, or each of several that what is called may be; none if there may be
// others.
func (p *Program) Callees(call ssa.CallInstruction) []*ssa.Function {
	if fn := p.Local(call.Common().StaticCallee()); fn != nil {
		return []*ssa.Function{fn}
	}
	return p.calls.several[call]
}

// Functions returns the functions of this package that a function value may
// be, without calling it; complete says whether there are no others.
func (p *Program) Functions(v ssa.Value) (list []*ssa.Function, complete bool) {
	complete = true
	for _, source := range p.Sources(v) {
		fn := p.FunctionIn(source)
		if fn == nil {
			complete = false
		} else if !slices.Contains(list, fn) {
			list = append(list, fn)
		}
	}
	return list, complete && len(list) > 0
}

// Callers returns the calls of fn. They are complete if nobody else can call
// it: other packages cannot name it, and it is not used as a value, or only
// to be called. [Program.Handed] tells of those who get it and call it.
func (p *Program) Callers(fn *ssa.Function) (sites []ssa.CallInstruction, complete bool) {
	return p.calls.sites[fn], p.hidden(fn) && len(p.calls.handed[fn]) == 0
}

// hidden: nobody calls a function but its callers, and those to whom it is
// handed.
func (p *Program) hidden(fn *ssa.Function) bool {
	hidden := fn.Parent() != nil || fn.Pkg != p.Pkg
	if obj := fn.Object(); obj != nil && !hidden {
		hidden = !p.public(obj) && !(obj.Exported() && p.throughInterface(fn))
	}
	return hidden && (!p.calls.valued[fn] || p.onlyRun(fn))
}

// onlyRun: wherever the value of a function literal goes, it is only called.
func (p *Program) onlyRun(fn *ssa.Function) bool {
	if fn.Parent() == nil || p.run == nil {
		return false // or asked for before all calls are resolved
	}
	if known, ok := p.run[fn]; ok {
		return known
	}
	p.run[fn] = false // of one that hands itself on
	only := true
	use := func(v ssa.Value, by ssa.Instruction) bool {
		call, ok := by.(ssa.CallInstruction)
		if ok && call.Common().Value == v {
			ok = len(p.CalleesOrPassed(call)) > 0
		} else {
			ok = ok && p.OnlyRun(call, v) != nil
		}
		only = only && ok
		return only
	}
	if len(fn.FreeVars) == 0 {
		p.Follow(fn, use)
	}
	for _, closure := range p.cells.closures[fn] {
		p.Follow(closure, use)
	}
	p.run[fn] = only
	return only
}

// box notes that a value of a type becomes an interface, and with it the types
// that it embeds.
func (x *callIndex) box(t types.Type) {
	name := named(t)
	if name == nil || x.boxed[name] {
		return
	}
	x.boxed[name] = true
	if s, ok := name.Type().Underlying().(*types.Struct); ok {
		for field := range s.Fields() {
			if field.Embedded() {
				x.box(field.Type())
			}
		}
	}
}

// throughInterface: an exported method may be called by who gets a value of
// its type as an interface.
func (p *Program) throughInterface(fn *ssa.Function) bool {
	recv := fn.Signature.Recv()
	return recv != nil && p.calls.boxed[named(recv.Type())]
}

// named returns the defined type that t is or points to, nil for others.
func named(t types.Type) *types.TypeName {
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj()
	}
	return nil
}

// Args returns the arguments of a call, the receiver of a method first, also
// that of an interface's.
func Args(call *ssa.CallCommon) []ssa.Value {
	if call.IsInvoke() {
		return append([]ssa.Value{call.Value}, call.Args...)
	}
	return call.Args
}

// SignatureArg returns argument number i as the signature counts it, the
// receiver not among them; nil if there is none.
func SignatureArg(call ssa.CallInstruction, i int) ssa.Value {
	common := call.Common()
	if !common.IsInvoke() && common.Signature().Recv() != nil {
		i++
	}
	if i < 0 || i >= len(common.Args) {
		return nil
	}
	return common.Args[i]
}

// SignatureIndex counts a parameter as the signature does, without the
// receiver; -1 for the receiver itself.
func SignatureIndex(param *ssa.Parameter) int {
	fn := param.Parent()
	i := slices.Index(fn.Params, param)
	if fn.Signature.Recv() != nil {
		return i - 1
	}
	return i
}

// ArgOf returns what a call passes as a parameter of one of its callees; nil
// if that cannot be told.
func (p *Program) ArgOf(call ssa.CallInstruction, param *ssa.Parameter) ssa.Value {
	fn := param.Parent()
	if !slices.Contains(p.Callees(call), fn) && p.calls.presumed[call] != fn && p.Body(call) != fn {
		return nil
	}
	i, args := slices.Index(fn.Params, param), Args(call.Common())
	if i < 0 || len(args) != len(fn.Params) {
		return nil
	}
	return args[i]
}

// Passed returns what the calls of its function pass as a parameter; complete
// only if all calls are known. Those in test files do not count.
func (p *Program) Passed(param *ssa.Parameter) Held {
	sites, handed := p.calls.sites[param.Parent()], p.calls.handed[param.Parent()]
	h := Held{Complete: p.hidden(param.Parent())}
	for _, handing := range handed {
		if p.inTest(handing.Call) {
			continue
		}
		arg := handing.Arg(param)
		if arg == nil {
			h.Complete = false
			continue
		}
		h.Values = append(h.Values, arg)
	}
	for _, site := range sites {
		if p.inTest(site) {
			continue
		}
		arg := p.ArgOf(site, param)
		if arg == nil {
			h.Complete = false
			continue
		}
		h.Values = append(h.Values, arg)
	}
	h.Complete = h.Complete && len(h.Values) > 0
	return h
}

// PassedOn yields what a value is whatever it comes through: parameters, which
// are what callers pass, and variables, fields and elements, which are what is
// stored there. It ends with nil if there may be others.
func (p *Program) PassedOn(v ssa.Value) iter.Seq[ssa.Value] {
	return func(yield func(ssa.Value) bool) {
		known := map[ssa.Value]bool{v: true}
		for open := []ssa.Value{v}; len(open) > 0; {
			v, open = open[0], open[1:]
			h, through := p.Read(v)
			if param, ok := v.(*ssa.Parameter); ok {
				h, through = p.Passed(param), true
			}
			if !through && !yield(v) || through && !h.Complete && !yield(nil) {
				return
			}
			for _, v := range h.Values {
				if !known[v] {
					known[v] = true
					open = append(open, v)
				}
			}
		}
	}
}

// Result returns result i of a call, nil if the caller drops it.
func Result(call ssa.CallInstruction, i int) ssa.Value {
	value, ok := call.(*ssa.Call)
	if !ok {
		return nil // go and defer drop their results
	}
	if _, isTuple := value.Type().(*types.Tuple); !isTuple {
		if i == 0 {
			return value
		}
		return nil
	}
	for _, r := range *value.Referrers() {
		if x, ok := r.(*ssa.Extract); ok && x.Index == i {
			return x
		}
	}
	return nil
}

// A Return is a return statement, and what it returns as the result that was
// asked for.
type Return struct {
	*ssa.Return
	Index int
	Value ssa.Value
}

// Returned returns what a function returns as its result number i, by the
// statements that do. The way out behind a panic that nobody recovers from is
// none of them.
func Returned(fn *ssa.Function, i int) []Return {
	var list []Return
	for _, block := range fn.Blocks {
		if block == fn.Recover && Catches(fn) == nil {
			continue
		}
		if ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return); ok && i < len(ret.Results) {
			list = append(list, Return{ret, i, GivenBack(ret, i)})
		}
	}
	return list
}

// GivenBack returns what a return statement gives back as result i. Where
// functions are deferred, it reads that from a variable: it is what the
// statement stored there, unless a deferred function changes it.
func GivenBack(ret *ssa.Return, i int) ssa.Value {
	load, ok := ret.Results[i].(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return ret.Results[i]
	}
	if _, isLocal := load.X.(*ssa.Alloc); !isLocal {
		return load
	}
	last := control.LastStore(load)
	if last == nil || isShared(load.X) {
		return load
	}
	return last.Val
}

// isShared: a function literal changes a variable, and not only after a panic.
func isShared(addr ssa.Value) bool {
	return slices.ContainsFunc(*addr.Referrers(), func(user ssa.Instruction) bool {
		closure, ok := user.(*ssa.MakeClosure)
		if !ok {
			return false
		}
		i := slices.Index(closure.Bindings, addr)
		inner := closure.Fn.(*ssa.Function).FreeVars[i]
		return isStored(inner) || isShared(inner)
	})
}

// Catches returns the function literal of fn that recovers from a panic, nil
// for none.
func Catches(fn *ssa.Function) *ssa.Function {
	i := slices.IndexFunc(fn.AnonFuncs, recovers)
	if i < 0 {
		return nil
	}
	return fn.AnonFuncs[i]
}

// recovers: a deferred function that calls recover changes results when there
// was a panic, not otherwise.
func recovers(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "recover" {
					return true
				}
			}
		}
	}
	return false
}
