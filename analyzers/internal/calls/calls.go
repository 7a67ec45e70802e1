// Package calls knows, for one package, who calls whom: which declaration a
// call reaches, and which calls reach a declaration.
package calls

import (
	"go/types"
	"reflect"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/lazyssa"
)

// Analyzer's result is a *Package.
var Analyzer = &analysis.Analyzer{
	Name:     "grpclintcalls",
	Doc:      "index the calls of a package on demand\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:      "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Requires: []*analysis.Analyzer{lazyssa.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		return &Package{ssa: pass.ResultOf[lazyssa.Analyzer].(*lazyssa.Package)}, nil
	},
	ResultType: reflect.TypeFor[*Package](),
}

// A Package builds its index on the first call of Build.
type Package struct {
	ssa   *lazyssa.Package
	mu    sync.Mutex
	built *Index
}

// Build returns the index of the package, whose SSA form it needs.
func (p *Package) Build() *Index {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.built == nil {
		p.built = index(p.ssa.Build())
	}
	return p.built
}

// An Index answers for one package.
type Index struct {
	*lazyssa.SSA

	declared map[*types.Func]*ssa.Function
	sites    map[*ssa.Function][]ssa.CallInstruction
	valued   map[*ssa.Function]bool // used other than by calling it
	closures map[*ssa.Function][]*ssa.MakeClosure
	stores   map[*ssa.Global][]ssa.Value
	escaped  map[*ssa.Global]bool // its address is used other than to load and store
}

func index(built *lazyssa.SSA) *Index {
	x := &Index{
		SSA:      built,
		declared: make(map[*types.Func]*ssa.Function),
		sites:    make(map[*ssa.Function][]ssa.CallInstruction),
		valued:   make(map[*ssa.Function]bool),
		closures: make(map[*ssa.Function][]*ssa.MakeClosure),
		stores:   make(map[*ssa.Global][]ssa.Value),
		escaped:  make(map[*ssa.Global]bool),
	}
	for _, fn := range built.Funcs {
		if obj, ok := fn.Object().(*types.Func); ok {
			x.declared[obj] = fn
		}
	}
	var operands [16]*ssa.Value
	for _, fn := range built.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if closure, ok := instr.(*ssa.MakeClosure); ok {
					literal := closure.Fn.(*ssa.Function)
					x.closures[literal] = append(x.closures[literal], closure)
				}
				call, isCall := instr.(ssa.CallInstruction)
				if isCall && !call.Common().IsInvoke() {
					if callee := x.Local(call.Common().StaticCallee()); callee != nil {
						x.sites[callee] = append(x.sites[callee], call)
					}
				}
				for i, operand := range instr.Operands(operands[:0]) {
					if i == 0 && isCall && !call.Common().IsInvoke() {
						continue // the called function itself
					}
					x.note(instr, *operand)
				}
			}
		}
	}
	return x
}

// note records a use of a value other than calling it.
func (x *Index) note(instr ssa.Instruction, v ssa.Value) {
	switch v := v.(type) {
	case *ssa.Function:
		if local := x.Local(v); local != nil {
			x.valued[local] = true
		}
	case *ssa.Global:
		switch instr := instr.(type) {
		case *ssa.Store:
			if instr.Addr == v {
				x.stores[v] = append(x.stores[v], instr.Val)
				return
			}
		case *ssa.UnOp, *ssa.DebugRef:
			return
		}
		x.escaped[v] = true
	}
}

// Local returns the declaration or literal in this package behind fn: itself,
// or the one of which it is an instance or a bound method; else nil.
func (x *Index) Local(fn *ssa.Function) *ssa.Function {
	if fn == nil {
		return nil
	}
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	if fn.Parent() != nil && fn.Pkg == x.Pkg {
		return fn
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return nil
	}
	return x.declared[obj.Origin()]
}

// Declared returns the function of a declaration in this package, or nil.
func (x *Index) Declared(obj *types.Func) *ssa.Function {
	if obj == nil {
		return nil
	}
	return x.declared[obj.Origin()]
}

// Callee returns who is called: a function with a body in this package,
// or at least its object. Both are nil for function values; a method called
// through an interface has an object only.
func (x *Index) Callee(call *ssa.CallCommon) (*ssa.Function, *types.Func) {
	if call.IsInvoke() {
		return nil, call.Method
	}
	fn := call.StaticCallee()
	if fn == nil {
		return nil, nil
	}
	obj, _ := fn.Object().(*types.Func)
	if obj != nil {
		obj = obj.Origin()
	}
	return x.Local(fn), obj
}

// Callers returns the calls of fn. They are complete if nobody else can call
// it: it is not exported and never used as a value.
func (x *Index) Callers(fn *ssa.Function) (sites []ssa.CallInstruction, complete bool) {
	obj := fn.Object()
	return x.sites[fn], obj != nil && !obj.Exported() && !x.valued[fn]
}

// Binding returns what a function literal's free variable is bound to, nil if
// that is not one thing.
func (x *Index) Binding(v *ssa.FreeVar) ssa.Value {
	fn := v.Parent()
	i := slices.Index(fn.FreeVars, v)
	if fn.Parent() == nil || i < 0 {
		return nil // a bound method's receiver
	}
	var bound ssa.Value
	for _, closure := range x.closures[fn] {
		if i >= len(closure.Bindings) || bound != nil && bound != closure.Bindings[i] {
			return nil
		}
		bound = closure.Bindings[i]
	}
	return bound
}

// Stored returns what is stored in a package variable. That is complete if
// nobody else can store something in it.
func (x *Index) Stored(g *ssa.Global) (values []ssa.Value, complete bool) {
	return x.stores[g], g.Pkg == x.Pkg && g.Object() != nil && !g.Object().Exported() && !x.escaped[g]
}

// Args returns the arguments of a call, the receiver of a method first: also
// that of an interface's, and that of a method value (end := x.End; end(y)).
func Args(call *ssa.CallCommon) []ssa.Value {
	if call.IsInvoke() {
		return append([]ssa.Value{call.Value}, call.Args...)
	}
	if receiver := boundTo(call.Value); receiver != nil {
		return append([]ssa.Value{receiver}, call.Args...)
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

// boundTo returns the receiver of a method value, nil if v is none.
func boundTo(v ssa.Value) ssa.Value {
	closure, ok := v.(*ssa.MakeClosure)
	if !ok || len(closure.Bindings) != 1 {
		return nil
	}
	if fn, ok := closure.Fn.(*ssa.Function); !ok || fn.Parent() != nil || fn.Object() == nil {
		return nil // a literal
	}
	return closure.Bindings[0]
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
