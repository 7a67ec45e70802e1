package mdflow

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/budget"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// engine follows values through a package.
type engine struct {
	*program.Program
	info    *Info
	kinds   map[ssa.Value]Kind
	results map[*ssa.Function][]Kind
	indexed map[*ssa.Function][]IndexedParam
	stored  map[*ssa.Alloc][]ssa.Value

	roots  *budget.Memo[any, []Root]
	sinks  *budget.Memo[ssa.Value, Sink]
	wholes *budget.Memo[ssa.Value, bool]
}

func newEngine(info *Info) *engine {
	index := info.lazy.Build()
	return &engine{
		Program: index, info: info,
		kinds: make(map[ssa.Value]Kind), results: make(map[*ssa.Function][]Kind),
		indexed: make(map[*ssa.Function][]IndexedParam), stored: make(map[*ssa.Alloc][]ssa.Value),
		roots:  budget.NewMemo[any](index.Meter, nil, unknownRoot()),
		sinks:  budget.NewAny[ssa.Value](index.Meter, NotSent),
		wholes: budget.NewAny[ssa.Value](index.Meter, false),
	}
}

// Kind says what metadata v is, if it is the same on every way.
func (e *engine) Kind(v ssa.Value) Kind {
	if known, ok := e.kinds[v]; ok {
		return known
	}
	e.kinds[v] = Unknown // a cycle tells nothing
	e.kinds[v] = e.origin(v)
	return e.kinds[v]
}

func (e *engine) origin(v ssa.Value) Kind {
	switch v := v.(type) {
	case *ssa.Call:
		return e.result(v, 0)
	case *ssa.Extract:
		switch tuple := v.Tuple.(type) {
		case *ssa.Call:
			return e.result(tuple, v.Index)
		case *ssa.Lookup:
			if v.Index == 0 && e.Kind(tuple.X) == Incoming {
				return Values
			}
		}
	case *ssa.Lookup:
		if e.Kind(v.X) == Incoming {
			return Values
		}
	case *ssa.Phi:
		return e.common(v.Edges)
	case *ssa.MakeMap:
		if IsMD(v.Type()) {
			return Built
		}
	case *ssa.ChangeType:
		if IsMD(v.Type()) != IsMD(v.X.Type()) {
			return Unknown // metadata.MD(http.Header): keys as they are there
		}
		return e.Kind(v.X)
	case *ssa.UnOp:
		if v.Op != token.MUL {
			break
		}
		if alloc := e.cell(v.X); alloc != nil {
			return e.Kind(alloc)
		}
		// A field, an element.
	case *ssa.Alloc:
		return e.variable(v)
	case *ssa.Parameter:
		return e.parameter(v)
	}
	return Unknown
}

// common is the kind that all of several values have; nil has any.
func (e *engine) common(values []ssa.Value) Kind {
	kind, first := Unknown, true
	for _, v := range values {
		if c, ok := v.(*ssa.Const); ok && c.IsNil() {
			continue
		}
		k := e.Kind(v)
		switch {
		case first:
			kind, first = k, false
		case k == kind:
		case k.Lowered() && kind.Lowered():
			kind = Lower
		default:
			return Unknown
		}
	}
	return kind
}

// variable says what is in a variable that is too much used to be a register:
// one that grpc.Header fills, or that a function literal shares.
func (e *engine) variable(alloc *ssa.Alloc) Kind {
	var stored []ssa.Value
	filled := false
	for _, cell := range e.aliases(alloc) {
		for _, r := range *cell.Referrers() {
			switch r := r.(type) {
			case *ssa.Store:
				if r.Addr != cell {
					return Unknown // its address is kept
				}
				stored = append(stored, r.Val)
			case *ssa.UnOp, *ssa.DebugRef, *ssa.MakeClosure:
			case *ssa.Call:
				obj := calledObject(r.Common())
				if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != stub.GRPCPath || obj.Name() != "Header" && obj.Name() != "Trailer" {
					return Unknown
				}
				filled = true
			default:
				return Unknown
			}
		}
	}
	kind := e.common(stored)
	if !filled {
		return kind
	}
	if len(stored) == 0 || kind.Lowered() {
		return Reply
	}
	return Unknown
}

// cell returns the local variable that an address is, also as a function
// literal sees it.
func (e *engine) cell(addr ssa.Value) *ssa.Alloc {
	for {
		switch a := addr.(type) {
		case *ssa.Alloc:
			return a
		case *ssa.FreeVar:
			addr = e.Binding(a)
		default:
			return nil
		}
	}
}

// aliases returns the variable and its name in each of the function literals
// that share it.
func (e *engine) aliases(alloc *ssa.Alloc) []ssa.Value {
	list := []ssa.Value{alloc}
	for i := 0; i < len(list); i++ {
		for _, r := range *list[i].Referrers() {
			closure, ok := r.(*ssa.MakeClosure)
			if !ok {
				continue
			}
			for j, binding := range closure.Bindings {
				if fn := closure.Fn.(*ssa.Function); binding == list[i] && j < len(fn.FreeVars) {
					list = append(list, fn.FreeVars[j])
				}
			}
		}
	}
	return list
}

// parameter follows a parameter to the callers, if all are known.
func (e *engine) parameter(p *ssa.Parameter) Kind {
	if !IsMD(p.Type()) && !isStrings(p.Type()) {
		return Unknown
	}
	sites, complete := e.Callers(p.Parent())
	if !complete || len(sites) == 0 {
		return Unknown
	}
	var args []ssa.Value
	for i, param := range p.Parent().Params {
		if param != p {
			continue
		}
		for _, site := range sites {
			if site.Common().IsInvoke() || i >= len(site.Common().Args) {
				return Unknown
			}
			args = append(args, site.Common().Args[i])
		}
	}
	return e.common(args)
}

// result says what result i of a call is.
func (e *engine) result(call *ssa.Call, i int) Kind {
	local, obj := e.Callee(&call.Call)
	switch Func(obj) {
	case "FromIncomingContext":
		if i == 0 {
			return Incoming
		}
	case "ValueFromIncomingContext":
		return Values
	case "FromOutgoingContext":
		if i == 0 {
			return Lower
		}
	case "New", "Pairs":
		return Lower
	case "Join":
		if values, complete := elements(call.Call.Args[0]); complete {
			return e.common(values)
		}
	case "MD.Copy":
		return e.Kind(call.Call.Args[0])
	case "MD.Get":
		if e.Kind(call.Call.Args[0]) == Incoming {
			return Values
		}
	}
	if kind := streamHeader(obj); kind != Unknown && i == 0 {
		return kind
	}
	if local != nil {
		if kinds := e.Results(local); i < len(kinds) {
			return kinds[i]
		}
		return Unknown
	}
	if fact := e.info.Fact(obj); fact != nil && !call.Call.IsInvoke() {
		for _, r := range fact.Results {
			if r.Index == i {
				return r.Kind
			}
		}
	}
	return Unknown
}

// streamHeader: the methods Header and Trailer of client streams.
func streamHeader(obj *types.Func) Kind {
	if obj == nil || obj.Signature().Recv() == nil || obj.Signature().Params().Len() != 0 {
		return Unknown
	}
	results := obj.Signature().Results()
	if results.Len() == 0 || !IsMD(results.At(0).Type()) {
		return Unknown
	}
	if obj.Pkg() == nil || obj.Pkg().Path() != stub.GRPCPath {
		return Unknown // a wrapper may answer anything
	}
	if obj.Name() == "Header" || obj.Name() == "Trailer" {
		return Reply
	}
	return Unknown
}

// Results says what a function of this package returns.
func (e *engine) Results(fn *ssa.Function) []Kind {
	if known, ok := e.results[fn]; ok {
		return known
	}
	e.results[fn] = nil // recursion tells nothing
	results := fn.Signature.Results()
	if !holds(results) {
		return nil
	}
	kinds := make([]Kind, results.Len())
	for i := range kinds {
		if t := results.At(i).Type(); !IsMD(t) && !isStrings(t) {
			continue
		}
		var values []ssa.Value
		for _, block := range fn.Blocks {
			if ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return); ok && i < len(ret.Results) {
				values = append(values, ret.Results[i])
			}
		}
		kinds[i] = e.common(values)
		if kinds[i] == Values && e.isChecked(fn, i) {
			kinds[i] = Unknown // who gets values without an error gets some
		}
	}
	e.results[fn] = kinds
	return kinds
}

// isChecked reports whether a function looks at how many values there are
// before it returns them.
func (e *engine) isChecked(fn *ssa.Function, result int) bool {
	for _, block := range fn.Blocks {
		ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		if e.measured(ret.Results[result], make(map[ssa.Value]bool)) {
			return true
		}
	}
	return false
}

// measured reports whether the length of values, or what they are, is looked
// at where they are.
func (e *engine) measured(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] || v.Referrers() == nil {
		return false
	}
	seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Call:
			if b, ok := r.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
				return true
			}
		case *ssa.BinOp:
			return true
		case *ssa.Phi:
			if e.measured(r, seen) {
				return true
			}
		}
	}
	return false
}

// elements returns what a slice holds that was written as variadic arguments.
func elements(v ssa.Value) (values []ssa.Value, complete bool) {
	switch v := v.(type) {
	case *ssa.Const:
		return nil, true
	case *ssa.Slice:
		alloc, ok := v.X.(*ssa.Alloc)
		if !ok {
			return nil, false
		}
		for _, user := range *alloc.Referrers() {
			addr, ok := user.(*ssa.IndexAddr)
			if !ok {
				continue
			}
			for _, use := range *addr.Referrers() {
				if store, ok := use.(*ssa.Store); ok {
					values = append(values, store.Val)
				}
			}
		}
		return values, true
	}
	return nil, false
}

// ConstString returns the value of a constant string.
func ConstString(v ssa.Value) (string, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(c.Value), true
}
