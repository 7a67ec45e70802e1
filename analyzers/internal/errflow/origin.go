package errflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/finding"
)

// Of returns where an error comes from.
func (f *Flow) Of(v ssa.Value) *Origin {
	o := new(Origin)
	f.steps = 0
	f.follow(o, v, make(map[ssa.Value]bool), f.collect)
	return o
}

// OfIn returns where an error comes from that is used in a block: what is
// known to be nil there comes from nowhere, and what equals a sentinel is
// the sentinel, whoever returned it.
func (f *Flow) OfIn(v ssa.Value, block *ssa.BasicBlock) *Origin {
	if IsNilIn(v, block) {
		return new(Origin)
	}
	o := new(Origin)
	f.steps = 0
	if s := sentinelIn(v, block); s != nil {
		f.load(o, s, make(map[ssa.Value]bool), behindNil(block, f.collect))
	} else {
		f.follow(o, v, make(map[ssa.Value]bool), behindNil(block, f.collect))
	}
	if obj, ok := block.Parent().Object().(*types.Func); ok && f.stubs.Handler(obj) != nil {
		o.Sources = slices.DeleteFunc(o.Sources, func(s Source) bool { return s.NilParam > 0 })
	}
	return o
}

// collect adds sources as they are.
func (f *Flow) collect(o *Origin, s Source) { o.add(s) }

// patience bounds the steps of one query.
const patience = 4000

type collector func(*Origin, Source)

// follow gives the sources of v to add.
func (f *Flow) follow(o *Origin, v ssa.Value, seen map[ssa.Value]bool, add collector) {
	if seen[v] {
		return // around a loop
	}
	if f.steps++; f.steps > patience {
		add(o, Source{Code: NoCode, Name: "too much"})
		return
	}
	seen[v] = true
	if tested(v) {
		inner := add
		add = func(o *Origin, s Source) {
			s.Tested = true
			inner(o, s)
		}
	}
	switch v := v.(type) {
	case *ssa.Const:
		// nil: from nowhere
	case *ssa.Parameter:
		if i := paramIndex(v); i >= 0 {
			add(o, Source{Kind: Param, Code: NoCode, Param: i, Name: v.Name()})
		} else {
			add(o, f.unknown(v, "receiver"))
		}
	case *ssa.Phi:
		for i, edge := range v.Edges {
			if !nilOnEdge(edge, v.Block().Preds[i], v.Block()) {
				f.follow(o, edge, seen, behindNil(v.Block().Preds[i], add))
			}
		}
	case *ssa.ChangeInterface:
		f.follow(o, v.X, seen, add)
	case *ssa.MakeInterface:
		f.concrete(o, v, add)
	case *ssa.Extract:
		switch tuple := v.Tuple.(type) {
		case *ssa.Call:
			f.call(o, tuple, v.Index, seen, add)
		case *ssa.TypeAssert:
			add(o, f.unknown(v, "type assertion"))
		default:
			add(o, f.unknown(v, "map or channel"))
		}
	case *ssa.Call:
		f.call(o, v, 0, seen, add)
	case *ssa.UnOp:
		if v.Op != token.MUL {
			add(o, f.unknown(v, "channel"))
			return
		}
		f.load(o, v, seen, add)
	default:
		add(o, f.unknown(v, "value"))
	}
}

func (f *Flow) unknown(v ssa.Value, name string) Source {
	return f.at(Source{Code: NoCode, Name: name}, v.Pos())
}

// at gives a source its place.
func (f *Flow) at(s Source, pos token.Pos) Source {
	s.Pos = pos
	if pos.IsValid() {
		s.Place = finding.RemoteAt(f.pass.Fset, f.pass.Pkg.Path(), pos, token.NoPos)
	}
	return s
}

// concrete is the source of an error of a concrete type.
func (f *Flow) concrete(o *Origin, v *ssa.MakeInterface, add collector) {
	pos := v.Pos()
	if !pos.IsValid() {
		pos = v.X.Pos()
	}
	t := v.X.Type()
	switch {
	case hasMethod(t, "GRPCStatus"):
		add(o, f.at(Source{Kind: Status, Code: NoCode, Name: typeName(t)}, pos))
	case hasMethod(t, "Unwrap") || hasMethod(t, "Cause") || hasMethod(t, "As") || hasMethod(t, "Is"):
		add(o, f.at(Source{Code: NoCode, Name: typeName(t)}, pos)) // holds another one
	default:
		add(o, f.at(Source{Kind: Plain, Code: NoCode, Name: typeName(t)}, pos))
	}
}

func hasMethod(t types.Type, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	_, ok := obj.(*types.Func)
	return ok
}

func typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

// load is the origin of what a variable holds.
func (f *Flow) load(o *Origin, v *ssa.UnOp, seen map[ssa.Value]bool, add collector) {
	switch addr := v.X.(type) {
	case *ssa.Global:
		f.global(o, addr, v, seen, add)
	case *ssa.Alloc, *ssa.FreeVar:
		f.variable(o, v, addr, seen, add)
	case *ssa.FieldAddr:
		add(o, f.unknown(v, "field "+fieldName(addr)))
	default:
		add(o, f.unknown(v, "element"))
	}
}

func fieldName(addr *ssa.FieldAddr) string {
	t := addr.X.Type().Underlying().(*types.Pointer).Elem()
	return t.Underlying().(*types.Struct).Field(addr.Field).Name()
}

// global is the origin of a package variable: of all that is ever stored
// there.
func (f *Flow) global(o *Origin, g *ssa.Global, v *ssa.UnOp, seen map[ssa.Value]bool, add collector) {
	if g.Pkg == nil || g.Pkg.Pkg == nil {
		add(o, f.unknown(v, "variable"))
		return
	}
	path, name := g.Pkg.Pkg.Path(), g.Pkg.Pkg.Name()+"."+g.Name()
	switch {
	case path == "io" && g.Name() == "EOF":
		add(o, f.at(Source{Kind: EOF, Code: NoCode, Name: name}, v.Pos()))
	case isContextPath(path) && (g.Name() == "Canceled" || g.Name() == "DeadlineExceeded"):
		add(o, f.at(Source{Kind: Context, Code: NoCode, Name: name}, v.Pos()))
	case g.Pkg.Pkg == f.pass.Pkg:
		stored, _ := f.Calls.Stored(g)
		if len(stored) == 0 {
			add(o, f.unknown(v, name))
			return
		}
		inner := new(Origin)
		for _, value := range stored {
			f.follow(inner, value, seen, f.collect)
		}
		for _, s := range inner.Sources {
			if s.Name == "" || s.Kind == Plain {
				s.Name = name
			}
			add(o, f.at(s, v.Pos())) // the sentinel is used here
		}
	default:
		if fact := f.facts[path]; fact != nil {
			s, ok := fact.variable(g.Name())
			if !ok {
				add(o, f.unknown(v, name))
				return
			}
			if s.Name == "" || s.Kind == Plain {
				s.Name = name
			}
			add(o, f.at(s, v.Pos()))
			return
		}
		if f.mayKnowStatus(g.Pkg.Pkg) {
			add(o, f.unknown(v, name))
			return
		}
		// A package that cannot reach grpc-go has no codes to give.
		add(o, f.at(Source{Kind: Plain, Code: NoCode, Name: name, Opaque: true}, v.Pos()))
	}
}

// mayKnowStatus: the package reaches grpc-go and has told nothing.
func (f *Flow) mayKnowStatus(p *types.Package) bool {
	seen := make(map[*types.Package]bool)
	var reaches func(*types.Package) bool
	reaches = func(p *types.Package) bool {
		if seen[p] {
			return false
		}
		seen[p] = true
		if p.Path() == StatusPath || p.Path() == CodesPath || strings.HasPrefix(p.Path(), "google.golang.org/grpc") {
			return true
		}
		return slices.ContainsFunc(p.Imports(), reaches)
	}
	return reaches(p)
}

func isContextPath(path string) bool { return path == "context" || path == "golang.org/x/net/context" }

// variable is the origin of a variable that lives on the heap because a
// closure or a deferred function sees it, and of named results.
func (f *Flow) variable(o *Origin, load *ssa.UnOp, addr ssa.Value, seen map[ssa.Value]bool, add collector) {
	alloc := f.captured(addr)
	if alloc == nil {
		add(o, f.unknown(load, "variable"))
		return
	}
	stores, escapes := f.stores(alloc)
	switch {
	case escapes:
		add(o, f.unknownVariable(load, alloc))
		return
	case addr == alloc && !f.storedByClosure(stores, alloc):
		if last := control.LastStore(load); last != nil {
			f.follow(o, last.Val, seen, add)
			return
		}
	}
	if len(stores) == 1 {
		f.follow(o, stores[0].Val, seen, add)
		return
	}
	for _, store := range stores {
		f.follow(o, store.Val, seen, func(o *Origin, s Source) {
			s.Tested = true // one of them, which is not known
			add(o, s)
		})
	}
	add(o, f.unknownVariable(load, alloc))
}

// unknownVariable: a variable that is not followed, where it is declared.
func (f *Flow) unknownVariable(load *ssa.UnOp, alloc *ssa.Alloc) Source {
	s := f.unknown(load, "variable")
	if alloc.Comment != "" {
		s.Name = "variable " + alloc.Comment
	}
	if !s.Pos.IsValid() {
		s = f.at(s, alloc.Pos())
	}
	return s
}

func (f *Flow) storedByClosure(stores []*ssa.Store, alloc *ssa.Alloc) bool {
	return slices.ContainsFunc(stores, func(s *ssa.Store) bool { return s.Parent() != alloc.Parent() && !recovers(s.Parent()) })
}

// recovers: a deferred function that calls recover changes errors when there
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

// Catches returns the function literal of fn that recovers from a panic, nil
// for none.
func Catches(fn *ssa.Function) *ssa.Function {
	i := slices.IndexFunc(fn.AnonFuncs, recovers)
	if i < 0 {
		return nil
	}
	return fn.AnonFuncs[i]
}

// captured resolves a free variable to the local variable that it is.
func (f *Flow) captured(addr ssa.Value) *ssa.Alloc {
	for range 16 {
		switch v := addr.(type) {
		case *ssa.Alloc:
			return v
		case *ssa.FreeVar:
			closure := f.closures[v.Parent()]
			i := slices.Index(v.Parent().FreeVars, v)
			if closure == nil || i < 0 {
				return nil // a bound method's receiver
			}
			addr = closure.Bindings[i]
		default:
			return nil
		}
	}
	return nil
}

// stores returns what is stored to a local variable, also by closures.
func (f *Flow) stores(addr ssa.Value) (stores []*ssa.Store, escapes bool) {
	for _, user := range control.Uses(addr) {
		switch user := user.(type) {
		case *ssa.UnOp:
		case *ssa.Store:
			if user.Addr != addr {
				return nil, true
			}
			stores = append(stores, user)
		case *ssa.MakeClosure:
			closure := user.Fn.(*ssa.Function)
			for i, binding := range user.Bindings {
				if binding == addr {
					inner, innerEscapes := f.stores(closure.FreeVars[i])
					if innerEscapes {
						return nil, true
					}
					stores = append(stores, inner...)
				}
			}
		default:
			return nil, true
		}
	}
	return stores, false
}

// call is the origin of result number index of a call.
func (f *Flow) call(o *Origin, call *ssa.Call, index int, seen map[ssa.Value]bool, add collector) {
	if op, stream := streams.OpOf(&call.Call); op != streams.NoOp {
		f.streamOp(o, call, op, streams.SideOf(stream.Type()), add)
		return
	}
	local, obj := f.Calls.Callee(&call.Call)
	if obj != nil {
		if rpc := f.stubs.RPC(obj); rpc != nil {
			if call.Call.IsInvoke() && f.isWrapped(call.Call.Value.Type()) {
				add(o, f.unknown(call, obj.Name()))
				return
			}
			add(o, f.at(Source{Kind: RPC, Code: NoCode, Name: rpc.FullMethod}, call.Pos()))
			return
		}
		if f.known(o, call, obj, index, seen, add) {
			return
		}
	}
	if goesOn(&call.Call) {
		add(o, f.at(Source{Kind: Next, Code: NoCode, Sides: nextSide(&call.Call)}, call.Pos()))
		return
	}
	if local == nil && !call.Call.IsInvoke() {
		if closure, ok := call.Call.Value.(*ssa.MakeClosure); ok {
			local = f.Calls.Local(closure.Fn.(*ssa.Function))
		}
	}
	switch {
	case local != nil:
		f.substitute(o, call, f.result(local, index), local, seen, add)
	case obj == nil:
		add(o, f.unknown(call, "function value"))
	default:
		f.imported(o, call, obj, index, seen, add)
	}
}

// streamOp: what a stream returns.
func (f *Flow) streamOp(o *Origin, call *ssa.Call, op streams.Op, side streams.Side, add collector) {
	kind := ClientSend
	switch {
	case op == streams.Context:
		add(o, f.unknown(call, "context"))
		return
	case side == streams.Client && op.Receives(), side == streams.Client && op == streams.Header:
		kind = ClientRecv
	case side == streams.Server && op.Receives():
		kind = ServerRecv
	case side == streams.Server:
		kind = ServerSend
	}
	name := op.String()
	add(o, f.at(Source{Kind: kind, Code: NoCode, Name: name, Loop: op == streams.Recv && len(control.Around(call)) > 0}, call.Pos()))
}

// isNext: the type of what an interceptor calls to go on.
func isNext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "google.golang.org/grpc" {
		return false
	}
	switch named.Obj().Name() {
	case "UnaryHandler", "StreamHandler", "UnaryInvoker", "Streamer":
		return true
	}
	return false
}

// substitute replaces, in what a function returns, its parameters by what
// the caller passes.
func (f *Flow) substitute(o *Origin, call *ssa.Call, result *Origin, callee *ssa.Function, seen map[ssa.Value]bool, add collector) {
	for _, s := range result.Sources {
		if s.NilParam > 0 {
			arg := argument(call, callee, s.NilParam-1)
			if p, ok := arg.(*ssa.Parameter); ok && paramIndex(p) >= 0 {
				s.NilParam = paramIndex(p) + 1
			} else {
				s.NilParam = 0
			}
		}
		if s.Kind != Param {
			add(o, s)
			continue
		}
		arg := argument(call, callee, s.Param)
		if arg == nil {
			add(o, f.unknown(call, "argument"))
			continue
		}
		through := s.Tested
		f.follow(o, arg, seen, func(o *Origin, inner Source) {
			inner.Tested = inner.Tested || through
			add(o, inner)
		})
	}
}

// argument returns what a call passes as a parameter, counted without the
// receiver; callee is nil for functions of other packages.
func argument(call *ssa.Call, callee *ssa.Function, i int) ssa.Value {
	if callee == nil || callee.Signature.Recv() != nil {
		if callee != nil || call.Call.Signature().Recv() != nil && !call.Call.IsInvoke() {
			i++
		}
	}
	if i >= len(call.Call.Args) {
		return nil
	}
	return call.Call.Args[i]
}

// imported is the origin of an error that a function of another package
// returns, by that package's fact.
func (f *Flow) imported(o *Origin, call *ssa.Call, obj *types.Func, index int, seen map[ssa.Value]bool, add collector) {
	name := callName(obj)
	if obj.Pkg() == nil {
		add(o, f.unknown(call, name)) // the method Error of package universe
		return
	}
	fact := f.facts[obj.Pkg().Path()]
	if fact == nil || obj.Pkg() == f.pass.Pkg || index != obj.Signature().Results().Len()-1 {
		add(o, f.unknown(call, name))
		return
	}
	sources, ok := fact.function(obj)
	if !ok {
		add(o, f.unknown(call, name))
		return
	}
	f.substitute(o, call, &Origin{sources}, nil, seen, add)
}

// callName names a function for people: "sql.Open", "DB.Query".
func callName(obj *types.Func) string {
	if recv := obj.Signature().Recv(); recv != nil {
		return strings.TrimPrefix(typeName(recv.Type()), "*") + "." + obj.Name()
	}
	if obj.Pkg() == nil {
		return obj.Name()
	}
	return obj.Pkg().Name() + "." + obj.Name()
}

type resultKey struct {
	fn    *ssa.Function
	index int
}

// Result returns where the error comes from that a function returns last.
func (f *Flow) Result(fn *ssa.Function) *Origin {
	f.steps = 0
	return f.result(fn, fn.Signature.Results().Len()-1)
}

func (f *Flow) result(fn *ssa.Function, index int) *Origin {
	k := resultKey{fn, index}
	if o, ok := f.results[k]; ok {
		return o
	}
	if f.computing[k] {
		f.assumed = true
		return new(Origin) // recursion adds nothing to itself
	}
	outer := f.assumed
	f.assumed = false
	f.computing[k] = true
	o := new(Origin)
	if fn.Signature.Results().Len() > index && types.IsInterface(fn.Signature.Results().At(index).Type()) {
		for _, block := range fn.Blocks {
			if block == fn.Recover && Catches(fn) == nil {
				continue // the way out behind a panic, which nobody takes
			}
			ret, ok := control.Last(block).(*ssa.Return)
			if !ok || IsNilIn(ret.Results[index], block) {
				continue
			}
			if s := sentinelIn(ret.Results[index], block); s != nil {
				f.load(o, s, make(map[ssa.Value]bool), behindNil(block, f.collect))
				continue
			}
			f.follow(o, ret.Results[index], make(map[ssa.Value]bool), behindNil(block, f.collect))
		}
	} else {
		o.add(Source{Code: NoCode, Name: fn.Name()}) // an error of a concrete type: not asked for
	}
	delete(f.computing, k)
	if !f.assumed || len(f.computing) == 0 {
		f.results[k] = o
	}
	f.assumed = outer || f.assumed && len(f.computing) > 0
	return o
}

// paramIndex counts a parameter without the receiver; -1 for the receiver.
func paramIndex(p *ssa.Parameter) int {
	i := slices.Index(p.Parent().Params, p)
	if p.Parent().Signature.Recv() != nil {
		return i - 1
	}
	return i
}

// Codes returns the codes that a value of type codes.Code may be; complete
// says whether there are no others. A code taken from an error is complete
// only if the error's own codes are.
func (f *Flow) Codes(v ssa.Value) (codes []int, complete bool) {
	complete = f.codes(v, make(map[ssa.Value]bool), &codes)
	slices.Sort(codes)
	return slices.Compact(codes), complete
}

func (f *Flow) codes(v ssa.Value, seen map[ssa.Value]bool, list *[]int) bool {
	if seen[v] {
		return true
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil || v.Value.Kind() != constant.Int {
			return false
		}
		n, ok := constant.Int64Val(v.Value)
		*list = append(*list, int(n))
		return ok
	case *ssa.Phi:
		complete := true
		for _, edge := range v.Edges {
			complete = f.codes(edge, seen, list) && complete
		}
		return complete
	case *ssa.ChangeType:
		return f.codes(v.X, seen, list)
	case *ssa.Call:
		if local, _ := f.Calls.Callee(&v.Call); local != nil && len(seen) < 64 {
			complete := true
			for _, block := range local.Blocks {
				if ret, ok := control.Last(block).(*ssa.Return); ok {
					complete = f.codes(ret.Results[0], seen, list) && complete
				}
			}
			return complete
		}
	}
	return false
}
