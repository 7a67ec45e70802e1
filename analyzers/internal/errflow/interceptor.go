package errflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// Sides are those of a connection whose interceptors convert errors.
type Sides uint8

// Sides.
const (
	Server Sides = 1 << iota
	Client
)

// sideOf: t is the type of what an interceptor calls to go on.
func sideOf(t types.Type) Sides {
	if !isNext(t) {
		return 0
	}
	switch types.Unalias(t).(*types.Named).Obj().Name() {
	case "UnaryHandler", "StreamHandler":
		return Server
	}
	return Client
}

// nextOf returns the parameter by which a function of this type goes on, if
// it is an interceptor.
func nextOf(sig *types.Signature) *types.Var {
	for p := range sig.Params().Variables() {
		if isNext(p.Type()) {
			return p
		}
	}
	return nil
}

// interceptors looks for interceptors that return another error than the one
// that what follows them gave, and for where they are installed: an
// interceptor that nobody uses converts nothing.
func (f *Flow) interceptors(own *told) {
	c := &converters{Flow: f, known: make(map[*ssa.Function]Sides)}
	for _, fn := range f.Program.Funcs {
		next := nextOf(fn.Signature)
		if next == nil || f.IsGenerated(fn.Pos()) || testcode.Is(f.pass, fn.Pos()) {
			continue
		}
		if side := sideOf(next.Type()); f.converts(fn, side) {
			c.known[fn] = side
			own.Defines |= side
		}
	}
	// What uses one only to return it makes one itself.
	for more := true; more; {
		more = c.uses(own)
	}
	for _, fn := range f.Program.Funcs {
		obj, _ := fn.Object().(*types.Func)
		if sides := c.known[fn]; obj != nil && sides != 0 {
			own.Converts.AddFunc(obj, sides)
		}
	}
	own.Converts.Sort()
}

// converters are the functions of a package that are, or make, interceptors
// which convert.
type converters struct {
	*Flow
	known map[*ssa.Function]Sides
}

// uses looks through the package for uses of converters. It returns whether
// it found another one.
func (c *converters) uses(own *told) bool {
	found := false
	var operands [16]*ssa.Value
	for _, fn := range c.Program.Funcs {
		if c.IsGenerated(fn.Pos()) || testcode.Is(c.pass, fn.Pos()) {
			continue
		}
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				sides := c.throughInterface(instr, own)
				for _, operand := range instr.Operands(operands[:0]) {
					sides |= c.sides(*operand)
				}
				if sides == 0 {
					continue
				}
				if v, ok := instr.(ssa.Value); !isReturned(instr) && (!ok || !onlyReturned(v, 0)) {
					own.install(sides)
				} else if top := program.Outermost(fn); c.known[top]|sides != c.known[top] {
					c.known[top] |= sides
					found = true
				}
			}
		}
	}
	return found
}

// sides says whether a value is a function that converts.
func (c *converters) sides(v ssa.Value) Sides {
	fn, ok := v.(*ssa.Function)
	if !ok {
		return 0
	}
	if local := c.Program.Local(fn); local != nil {
		return c.known[local]
	}
	obj, _ := fn.Object().(*types.Func)
	if told := c.imports.Of(obj); told != nil {
		if sides := told.Converts.Of(obj); sides != nil {
			return *sides
		}
	}
	return 0
}

// throughInterface: an interceptor is called, or made, by who knows what; it
// may be any that is defined.
func (c *converters) throughInterface(instr ssa.Instruction, own *told) Sides {
	call, ok := instr.(ssa.CallInstruction)
	if !ok || !call.Common().IsInvoke() {
		return 0
	}
	var sides Sides
	for r := range call.Common().Method.Signature().Results().Variables() {
		if sig, ok := r.Type().Underlying().(*types.Signature); ok {
			if next := nextOf(sig); next != nil {
				sides |= sideOf(next.Type())
			}
		}
	}
	return sides & own.Defines
}

// isReturned: the instruction returns what it uses.
func isReturned(instr ssa.Instruction) bool {
	_, ok := instr.(*ssa.Return)
	return ok
}

// onlyReturned: nothing is done with a function but to return it.
func onlyReturned(v ssa.Value, depth int) bool {
	if _, isFunc := v.Type().Underlying().(*types.Signature); !isFunc || depth > 4 {
		return false
	}
	uses := control.Uses(v)
	for _, use := range uses {
		next, ok := use.(ssa.Value)
		if !isReturned(use) && (!ok || !onlyReturned(next, depth+1)) {
			return false
		}
	}
	return len(uses) > 0
}

func (t *told) install(sides Sides) {
	t.MapsErrors = t.MapsErrors || sides&Server != 0
	t.RebuildsErrors = t.RebuildsErrors || sides&Client != 0
}

// converts: behind a call of what follows, an interceptor may return
// something else than its error. What is returned without such a call (no
// permission, too many requests) converts nothing, nor does what only puts
// interceptors in a row.
func (f *Flow) converts(fn *ssa.Function, side Sides) bool {
	if !returnsError(fn) {
		return false
	}
	var called []ssa.Instruction
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Call:
				if goesOn(instr.Common()) || handsNext(instr) {
					called = append(called, instr)
				}
			case *ssa.MakeClosure:
				inner := instr.Fn.(*ssa.Function)
				switch {
				case !mayGoOn(inner):
				case inner.Signature.Params().Len() > 0 && returnsError(inner):
					// Given to another interceptor to go on with.
					if f.converts(inner, side) {
						return true
					}
				default:
					called = append(called, instr) // runs somewhere else; who knows what comes back
				}
			}
		}
	}
	last := fn.Signature.Results().Len() - 1
	for _, block := range fn.Blocks {
		ret, ok := control.Last(block).(*ssa.Return)
		if !ok {
			continue
		}
		for _, call := range called {
			if !control.Reaches(call, ret, nil) {
				continue
			}
			o := f.OfIn(program.GivenBack(ret, last), block)
			// A client's interceptor may return a status of its own.
			if slices.ContainsFunc(o.Sources, func(s Source) bool {
				return s.Kind != Next && (side == Server || s.Kind != Status && !s.OfRPC())
			}) {
				return true
			}
			break
		}
	}
	return false
}

// goesOn: a call of what follows an interceptor, or of another interceptor
// that gets it and is judged by itself.
func goesOn(call *ssa.CallCommon) bool {
	return !call.IsInvoke() && isNext(call.Value.Type()) || nextOf(call.Signature()) != nil
}

// handsNext: a call gets what follows an interceptor in a struct.
func handsNext(call *ssa.Call) bool {
	return control.Sees(call, func(v ssa.Value) bool {
		_, isParam := v.(*ssa.Parameter)
		return isParam && isNext(v.Type())
	})
}

// nextSide says whose chain a call goes on with.
func nextSide(call *ssa.CallCommon) Sides {
	if !call.IsInvoke() && isNext(call.Value.Type()) {
		return sideOf(call.Value.Type())
	}
	return sideOf(nextOf(call.Signature()).Type())
}

// mayGoOn: a function literal, or one inside of it, does that.
func mayGoOn(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && goesOn(call.Common()) {
				return true
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, mayGoOn)
}

// noteWrapped looks for hand-written types that become a generated client
// interface here, and whose methods return other errors than RPCs do.
func (f *Flow) noteWrapped(own *told) {
	for _, path := range own.Wrapped {
		f.wrappedPaths(path)
	}
	for _, fn := range f.Program.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if made, ok := instr.(*ssa.MakeInterface); ok {
					f.noteClient(own, made)
				}
			}
		}
	}
}

func (f *Flow) noteClient(own *told, made *ssa.MakeInterface) {
	named, ok := types.Unalias(made.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || !f.stubs.IsClient(named.Obj()) || testcode.Is(f.pass, made.Parent().Pos()) || f.IsGenerated(made.Parent().Pos()) {
		return
	}
	if concrete := stub.NamedOf(made.X.Type()); concrete != nil && f.stubs.IsClient(concrete.Obj()) {
		return // the generated one
	}
	f.wrapped[named.Obj()] = true
	own.Wrapped = append(own.Wrapped, named.Obj().Pkg().Path()+"."+named.Obj().Name())
}

// wrappedPaths finds the type that an import names.
func (f *Flow) wrappedPaths(path string) {
	for _, p := range append([]*types.Package{f.pass.Pkg}, f.pass.Pkg.Imports()...) {
		if len(path) > len(p.Path()) && path[:len(p.Path())] == p.Path() && path[len(p.Path())] == '.' {
			if obj, ok := p.Scope().Lookup(path[len(p.Path())+1:]).(*types.TypeName); ok {
				f.wrapped[obj] = true
			}
		}
	}
}

// isWrapped: what a call through the interface t runs may be hand-written.
func (f *Flow) isWrapped(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return f.incomplete || ok && f.wrapped[named.Obj()]
}

// mayBeWrapped: the error of an RPC that another package makes is perhaps that
// of a hand-written type, which that package does not know.
func (f *Flow) mayBeWrapped(s Source) bool {
	if s.Kind != RPC {
		return false
	}
	service, _, _ := strings.Cut(strings.TrimPrefix(s.Name, "/"), "/")
	service = service[strings.LastIndexByte(service, '.')+1:]
	for client := range f.wrapped {
		if client.Name() == service+"Client" {
			return true
		}
	}
	return false
}
