package program

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/budget"
	"github.com/grpclint/grpclint/analyzers/internal/callback"
	"github.com/grpclint/grpclint/analyzers/internal/control"
)

// A Trail is where a value goes in a package: the values that it may be, and
// the fields that may hold it.
type Trail struct {
	Values map[ssa.Value]bool
	Fields map[*types.Var]bool
	// Kept: a field or a package variable holds it, or may.
	Kept bool
	// Stores are those to fields and package variables that are seen.
	Stores []*ssa.Store
	// Returned: a function gives it back to its callers, or may.
	Returned bool
}

// Follow goes after a value: through variables, fields, elements, branches,
// function literals, and the functions of this package that get it or give it
// back.
//
//	s := newServer()    the call, and what the function returns
//	a.server = s        each read of the field
//	register(s)         the parameter
//	s.Serve(l)          a use
//
// It calls use for each thing that is done with the value, until that returns
// false. What takes it out of sight is a use, too: a call of a function that
// is not of this package, a return to callers that are not known, an
// assignment to what others can name, whatever is left when the steps of the
// [budget.Query] are used up.
func (p *Program) Follow(v ssa.Value, use func(v ssa.Value, by ssa.Instruction) bool) Trail {
	f := &follower{
		Program: p, use: use, seen: make(map[held]bool), query: p.Meter.Query(),
		trail: Trail{Values: make(map[ssa.Value]bool), Fields: make(map[*types.Var]bool)},
	}
	f.follow(held{value: v})
	return f.trail
}

// ErrorOf returns the error among a call's results; nil if it has none or nobody
// looks at it, wherever it is put.
func (p *Program) ErrorOf(call *ssa.Call) ssa.Value {
	err := control.ErrorOf(call)
	if err == nil {
		return nil
	}
	looked := false
	p.Follow(err, func(ssa.Value, ssa.Instruction) bool {
		looked = true
		return false
	})
	if !looked {
		return nil
	}
	return err
}

type follower struct {
	*Program
	trail   Trail
	use     func(v ssa.Value, by ssa.Instruction) bool
	seen    map[held]bool
	query   *budget.Query
	stopped bool
}

// held is what is followed: the value itself, or a slice, an array or a map
// that holds it.
type held struct {
	value  ssa.Value
	inside bool
}

func (f *follower) follow(h held) {
	if h.value == nil || f.seen[h] || h.value.Referrers() == nil {
		return
	}
	f.seen[h] = true
	if !h.inside {
		f.trail.Values[h.value] = true
	}
	for _, by := range *h.value.Referrers() {
		if f.stopped {
			return
		}
		f.step(h, by)
	}
}

// is goes on with another name of what is followed.
func (f *follower) is(h held, v ssa.Value) { f.follow(held{v, h.inside}) }

func (f *follower) used(h held, by ssa.Instruction) {
	f.stopped = f.stopped || !f.use(h.value, by)
}

func (f *follower) step(h held, by ssa.Instruction) {
	if !f.query.Step() {
		f.trail.Kept, f.trail.Returned = true, true // who knows
		f.used(h, by)
		return
	}
	switch by := by.(type) {
	case *ssa.DebugRef:
	case *ssa.Phi, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.MakeInterface:
		f.is(h, by.(ssa.Value))
	case *ssa.TypeAssert:
		f.first(h, by, by.CommaOk)
	case *ssa.Store:
		if by.Val == h.value {
			f.stored(h, by)
		} else if !h.inside {
			f.used(h, by)
		}
	case *ssa.MapUpdate:
		if by.Value == h.value {
			f.put(h, by.Map, by)
		} else if by.Key == h.value || !h.inside {
			f.used(h, by)
		}
	case *ssa.MakeClosure:
		f.captured(h, by)
	case *ssa.Return:
		for i, result := range by.Results {
			if result == h.value {
				f.returned(h, by, i)
			}
		}
	case ssa.CallInstruction:
		f.passed(h, by)
	default:
		if !h.inside || !f.taken(h, by) {
			f.used(h, by)
		}
	}
}

// first goes on with what an instruction gives, or with the first of the two
// things.
func (f *follower) first(h held, by ssa.Value, two bool) {
	if !two {
		f.is(h, by)
		return
	}
	for _, user := range *by.Referrers() {
		if x, ok := user.(*ssa.Extract); ok && x.Index == 0 {
			f.is(h, x)
		}
	}
}

// taken goes on with what is read of a slice, an array or a map; false if it is
// not known what becomes of that.
func (f *follower) taken(h held, by ssa.Instruction) bool {
	element := held{}
	switch by := by.(type) {
	case *ssa.IndexAddr:
		f.loaded(element, *by.Referrers())
	case *ssa.Index:
		f.is(element, by)
	case *ssa.Lookup:
		f.first(element, by, by.CommaOk)
	case *ssa.Slice:
		f.is(h, by)
	case *ssa.UnOp: // of an array
		f.is(h, by)
	case *ssa.Range:
		for _, next := range *by.Referrers() {
			if next, ok := next.(*ssa.Next); ok {
				for _, x := range *next.Referrers() {
					if x, ok := x.(*ssa.Extract); ok && x.Index == 2 {
						f.is(element, x)
					}
				}
			}
		}
	default:
		return false
	}
	return true
}

// loaded goes on with the loads among the uses of an address, if there is
// nothing among them by which others get at it.
func (f *follower) loaded(h held, uses []ssa.Instruction) {
	for _, use := range uses {
		switch use := use.(type) {
		case *ssa.UnOp:
			f.is(h, use)
		case *ssa.Store, *ssa.DebugRef, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.MakeClosure:
		case ssa.CallInstruction:
			if len(f.Callees(use)) == 0 {
				f.used(h, use)
			}
		default:
			f.used(h, use)
		}
	}
}

func (f *follower) keep(store *ssa.Store) {
	f.trail.Kept = true
	f.trail.Stores = append(f.trail.Stores, store)
}

func (f *follower) stored(h held, store *ssa.Store) {
	switch addr := store.Addr.(type) {
	case *ssa.FieldAddr:
		field := FieldOf(addr.X.Type(), addr.Field)
		f.keep(store)
		if !h.inside {
			f.trail.Fields[field] = true
		}
		if !f.owns(field) {
			f.used(h, store)
		}
		for _, read := range f.uses().fields[field] {
			if at, ok := read.(*ssa.FieldAddr); ok {
				f.loaded(h, *at.Referrers())
			} else {
				f.is(h, read)
			}
		}
	case *ssa.Global:
		f.keep(store)
		if addr.Pkg != f.Pkg || addr.Object() == nil || f.public(addr.Object()) {
			f.used(h, store)
		}
		f.loaded(h, f.uses().globals[addr])
	case *ssa.IndexAddr:
		f.put(h, addr.X, store)
	default:
		alloc := f.Variable(addr)
		if alloc == nil {
			f.used(h, store)
			return
		}
		names := f.Names(alloc)
		for _, name := range names {
			uses := *name.Referrers()
			if len(names) > 1 {
				uses = slices.DeleteFunc(slices.Clone(uses), func(use ssa.Instruction) bool {
					load, ok := use.(*ssa.UnOp)
					return ok && !f.mayFollow(load, store, 0)
				})
			}
			f.loaded(h, uses)
		}
	}
}

// mayFollow reports whether an instruction may run after another one, be it in
// a function literal that is called then.
func (p *Program) mayFollow(instr, first ssa.Instruction, depth int) bool {
	fn := instr.Parent()
	if fn == first.Parent() {
		return control.Reaches(first, instr, nil)
	}
	if depth > maxRuns || !p.Awaited(fn) {
		return true
	}
	sites := slices.Clone(p.calls.sites[fn])
	for _, handing := range p.calls.handed[fn] {
		sites = append(sites, handing.Call)
	}
	return slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
		_, deferred := site.(*ssa.Defer)
		return deferred || p.mayFollow(site, first, depth+1)
	})
}

// put goes on with what a value is put into, others may read of that if it is
// not made here.
func (f *follower) put(h held, into ssa.Value, by ssa.Instruction) {
	switch into.(type) {
	case *ssa.Alloc, *ssa.MakeSlice, *ssa.MakeMap, *ssa.Slice:
	default:
		f.used(h, by)
	}
	if h.inside {
		f.used(h, by) // a list of lists
		return
	}
	f.follow(held{into, true})
}

func (f *follower) captured(h held, closure *ssa.MakeClosure) {
	fn := closure.Fn.(*ssa.Function)
	if fn.Parent() == nil {
		f.used(h, closure) // a method of the value, which others call
		return
	}
	for i, binding := range closure.Bindings {
		if binding == h.value && i < len(fn.FreeVars) {
			f.is(h, fn.FreeVars[i])
		}
	}
}

// returned goes on with what callers get of a function.
func (f *follower) returned(h held, ret *ssa.Return, i int) {
	f.trail.Returned = true
	fn := ret.Parent()
	known := f.hidden(fn) && len(f.calls.sites[fn])+len(f.calls.handed[fn]) > 0
	for _, site := range f.calls.sites[fn] {
		if result := Result(site, i); result != nil {
			f.is(h, result)
		}
	}
	for _, handing := range f.calls.handed[fn] {
		back := slices.IndexFunc(f.Helper(handing.Call).Results, func(r callback.Result) bool {
			return r.Func == handing.Param.Index && r.Of == i
		})
		if back < 0 {
			known = false
			continue
		}
		if result := Result(handing.Call, f.Helper(handing.Call).Results[back].Index); result != nil {
			f.is(h, result)
		}
	}
	if !known {
		f.used(h, ret)
	}
}

// passed goes on with the parameters of the functions that a call runs.
func (f *follower) passed(h held, call ssa.CallInstruction) {
	common := call.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok && h.inside {
		if b.Name() == "append" {
			f.is(h, call.(*ssa.Call))
		}
		return
	}
	callees := f.CalleesOrPassed(call)
	if len(callees) == 0 || !h.inside && common.Value == h.value {
		f.used(h, call)
	}
	args := Args(common)
	for _, fn := range callees {
		for i, arg := range args {
			if arg == h.value && len(args) == len(fn.Params) {
				f.is(h, fn.Params[i])
			}
		}
	}
}

// CalleesOrPassed returns the functions of this package that a call may run,
// be it through a parameter of which all callers are known; none if there may
// be others.
func (p *Program) CalleesOrPassed(call ssa.CallInstruction) []*ssa.Function {
	if callees := p.Callees(call); len(callees) > 0 || call.Common().IsInvoke() {
		return callees
	}
	param, ok := call.Common().Value.(*ssa.Parameter)
	if !ok {
		return nil
	}
	var callees []*ssa.Function
	for v := range p.PassedOn(param) {
		if v == nil {
			return nil
		}
		functions, complete := p.Functions(v)
		if !complete || slices.ContainsFunc(functions, func(fn *ssa.Function) bool { return len(fn.Params) != len(call.Common().Args) }) {
			return nil
		}
		callees = append(callees, functions...)
	}
	return callees
}

// A useIndex knows where fields and package variables are used.
type useIndex struct {
	fields  map[*types.Var][]ssa.Value // addresses, or reads of values
	globals map[*ssa.Global][]ssa.Instruction
}

// uses is found when something asks for it.
func (p *Program) uses() *useIndex {
	if p.used != nil {
		return p.used
	}
	p.used = &useIndex{make(map[*types.Var][]ssa.Value), make(map[*ssa.Global][]ssa.Instruction)}
	var operands [16]*ssa.Value
	for instr := range p.Instructions {
		switch instr := instr.(type) {
		case *ssa.FieldAddr:
			field := FieldOf(instr.X.Type(), instr.Field)
			p.used.fields[field] = append(p.used.fields[field], instr)
		case *ssa.Field:
			field := FieldOf(instr.X.Type(), instr.Field)
			p.used.fields[field] = append(p.used.fields[field], instr)
		}
		for _, operand := range instr.Operands(operands[:0]) {
			if g, ok := (*operand).(*ssa.Global); ok {
				p.used.globals[g] = append(p.used.globals[g], instr)
			}
		}
	}
	return p.used
}
