package program

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// Held is what a place that can be assigned to may hold.
type Held struct {
	// Values are what is stored there, in the order of the source. Test
	// files do not count: they store what stands in for the real thing.
	Values []ssa.Value
	// Complete: nobody else can store something there.
	Complete bool
	// Now: each of the Values is there on some way to where it is read; else
	// some are perhaps stored earlier or later.
	Now bool
}

// A cellIndex knows the stores to fields and package variables, the only
// places that more than one function writes to.
type cellIndex struct {
	fields  map[*types.Var]*Held
	globals map[*ssa.Global]*Held
	locals  map[*ssa.Alloc]Held // those that were asked for
	// distant are fields that are written to through pointers whose structs
	// are not in sight: which of the structs of that type it is, is not known.
	distant map[*types.Var]bool
	// closures are the values that make a function literal, more than one if
	// SSA repeats the code around it.
	closures map[*ssa.Function][]*ssa.MakeClosure
}

func (p *Program) indexCells() cellIndex {
	x := cellIndex{
		fields: make(map[*types.Var]*Held), globals: make(map[*ssa.Global]*Held), locals: make(map[*ssa.Alloc]Held),
		distant: make(map[*types.Var]bool), closures: make(map[*ssa.Function][]*ssa.MakeClosure),
	}
	for instr := range p.Instructions {
		switch instr := instr.(type) {
		case *ssa.FieldAddr:
			p.noteField(&x, instr)
		case *ssa.MakeClosure:
			literal := instr.Fn.(*ssa.Function)
			x.closures[literal] = append(x.closures[literal], instr)
		}
		p.noteGlobals(&x, instr)
	}
	return x
}

func heldBy[K comparable](places map[K]*Held, place K) *Held {
	h := places[place]
	if h == nil {
		h = &Held{Complete: true}
		places[place] = h
	}
	return h
}

// noteField records what is stored to a field through one of its addresses.
func (p *Program) noteField(x *cellIndex, addr *ssa.FieldAddr) {
	field := FieldOf(addr.X.Type(), addr.Field)
	h := heldBy(x.fields, field)
	for _, user := range *addr.Referrers() {
		switch user := user.(type) {
		case *ssa.UnOp, *ssa.DebugRef, *ssa.FieldAddr, *ssa.IndexAddr:
		case *ssa.Store:
			switch {
			case user.Addr != addr:
				h.Complete = false // its address is kept
			case !p.inTest(user):
				h.Values = append(h.Values, user.Val)
				if _, here := addr.X.(*ssa.Alloc); !here {
					x.distant[field] = true
				}
			}
		default:
			h.Complete = false
		}
	}
}

// noteGlobals records what is stored to package variables, and those whose
// address is used for more than loads and stores.
func (p *Program) noteGlobals(x *cellIndex, instr ssa.Instruction) {
	var operands [16]*ssa.Value
	for _, operand := range instr.Operands(operands[:0]) {
		g, ok := (*operand).(*ssa.Global)
		if !ok {
			continue
		}
		h := heldBy(x.globals, g)
		switch instr := instr.(type) {
		case *ssa.UnOp, *ssa.DebugRef, *ssa.FieldAddr, *ssa.IndexAddr:
		case *ssa.Store:
			switch {
			case instr.Addr != g:
				h.Complete = false
			case !p.inTest(instr):
				h.Values = append(h.Values, instr.Val)
			}
		default:
			h.Complete = false
		}
	}
}

func (p *Program) inTest(instr ssa.Instruction) bool {
	return testcode.InTestFile(p.fset, instr.Parent().Pos())
}

// Stored returns what is stored in a package variable.
func (p *Program) Stored(g *ssa.Global) (values []ssa.Value, complete bool) {
	h := p.cells.globals[g]
	if h == nil {
		h = &Held{Complete: true}
	}
	return h.Values, h.Complete && g.Pkg == p.Pkg && g.Object() != nil && !p.public(g.Object())
}

// public: other packages can name it.
func (p *Program) public(obj types.Object) bool {
	return obj.Exported() && p.Pkg.Pkg.Name() != "main"
}

// Read returns what the place holds that a value is read from: a variable, a
// field, an element, a channel; false for other values.
func (p *Program) Read(v ssa.Value) (Held, bool) {
	switch v := v.(type) {
	case *ssa.UnOp:
		switch {
		case v.Op == token.MUL:
			return p.Held(v), true
		case v.Op == token.ARROW && !v.CommaOk:
			return p.Received(v.X), true
		}
	case *ssa.Field:
		return p.HeldInField(v), true
	case *ssa.Lookup:
		return p.Elements(v.X), true
	case *ssa.Extract:
		switch tuple := v.Tuple.(type) {
		case *ssa.Lookup:
			return p.Elements(tuple.X), v.Index == 0
		case *ssa.Next:
			if of := Ranged(v); of != nil {
				return p.Elements(of), true
			}
		case *ssa.UnOp:
			return p.Received(tuple.X), tuple.Op == token.ARROW && v.Index == 0
		case *ssa.Select:
			i := v.Index - 2 // after which case it is, and whether there was something
			for _, state := range tuple.States {
				if state.Dir != types.RecvOnly {
					continue
				}
				if i == 0 {
					return p.Received(state.Chan), true
				}
				i--
			}
		}
	}
	return Held{}, false
}

// Held returns what the variable, field or element holds that a load reads.
func (p *Program) Held(load *ssa.UnOp) Held {
	if load.Op != token.MUL {
		return Held{} // received from a channel
	}
	switch addr := load.X.(type) {
	case *ssa.Global:
		values, complete := p.Stored(addr)
		return Held{Values: values, Complete: complete}
	case *ssa.FieldAddr:
		if last := p.lastInField(load, addr); last != nil {
			return Held{Values: []ssa.Value{last}, Complete: true}
		}
		return p.FieldHeld(addr.X, FieldOf(addr.X.Type(), addr.Field))
	case *ssa.IndexAddr:
		return p.Elements(addr.X)
	case *ssa.Alloc, *ssa.FreeVar:
		if alloc := p.Variable(addr); alloc != nil {
			return p.heldNow(load, alloc)
		}
	case *ssa.Parameter:
		return p.heldBehind(addr)
	}
	return Held{}
}

// heldBehind is what the variables hold that callers pass the addresses of.
func (p *Program) heldBehind(param *ssa.Parameter) Held {
	passed := p.Passed(param)
	all := Held{Complete: passed.Complete}
	for _, v := range passed.Values {
		alloc := p.Variable(v)
		if alloc == nil {
			return Held{}
		}
		h := p.HeldIn(alloc)
		all.Values, all.Complete = append(all.Values, h.Values...), all.Complete && h.Complete
	}
	return all
}

// HeldInField returns what the field holds that is read of a struct value.
func (p *Program) HeldInField(read *ssa.Field) Held {
	return p.FieldHeld(read.X, FieldOf(read.X.Type(), read.Field))
}

// FieldHeld returns what a field holds of the struct that owner is, or points
// to. It prefers what is stored in the struct that it is, if that is in
// sight; else it is what is stored in that field of any.
func (p *Program) FieldHeld(owner ssa.Value, field *types.Var) Held {
	if !p.cells.distant[field] && p.owns(field) {
		if h, ok := p.fieldIn(owner, field, 0); ok {
			return h
		}
	}
	h := p.cells.fields[field]
	if h == nil || !p.owns(field) {
		return Held{}
	}
	return *h
}

// maxAbove bounds how many blocks are looked at for the last store.
const maxAbove = 32

// lastInField returns what was stored last in a field of a struct, on the one
// way to a load of it; nil if that is not known.
func (p *Program) lastInField(load *ssa.UnOp, addr *ssa.FieldAddr) ssa.Value {
	field := FieldOf(addr.X.Type(), addr.Field)
	if !p.owns(field) {
		return nil
	}
	block := load.Block()
	i := slices.Index(block.Instrs, ssa.Instruction(load))
	for range maxAbove {
		for _, instr := range slices.Backward(block.Instrs[:i]) {
			switch instr := instr.(type) {
			case *ssa.Store:
				to, ok := instr.Addr.(*ssa.FieldAddr)
				switch {
				case instr.Addr == addr.X:
					return nil // the whole struct
				case ok && FieldOf(to.X.Type(), to.Field) == field:
					if to.X != addr.X {
						return nil // it may be the same struct
					}
					return instr.Val
				}
			case *ssa.Alloc:
				if instr == addr.X {
					return ssa.NewConst(nil, load.Type()) // nothing yet
				}
			case ssa.CallInstruction:
				if p.mayStore(instr, addr.X) {
					return nil
				}
			}
		}
		if len(block.Preds) != 1 {
			return nil
		}
		block = block.Preds[0]
		i = len(block.Instrs)
	}
	return nil
}

// mayStore: a call may run code of this package, or gets the struct.
func (p *Program) mayStore(call ssa.CallInstruction, owner ssa.Value) bool {
	common := call.Common()
	if isBuiltin(common.Value) {
		return false
	}
	if _, deferred := call.(*ssa.Defer); deferred {
		return false
	}
	return len(p.Callees(call)) > 0 || common.StaticCallee() == nil || slices.Contains(common.Args, owner)
}

// StoredInField returns what this package stores in a field of any struct. It
// is not complete if the field's address is kept; others store there, too, if
// they can name the field.
func (p *Program) StoredInField(field *types.Var) Held {
	if h := p.cells.fields[field]; h != nil {
		return *h
	}
	return Held{Complete: true}
}

// owns: only this package can write to a field.
func (p *Program) owns(field *types.Var) bool {
	return field.Pkg() == p.Pkg.Pkg && !p.public(field)
}

// maxOwners bounds how far a struct is followed back.
const maxOwners = 6

// fieldIn returns what is stored in a field of the structs that a value is,
// or points to; false if one of them is not in sight.
func (p *Program) fieldIn(owner ssa.Value, field *types.Var, depth int) (Held, bool) {
	if depth > maxOwners {
		return Held{}, false
	}
	all := Held{Complete: true}
	for _, v := range p.Sources(owner) {
		if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
			v = load.X // a struct, in its variable
		}
		alloc, ok := v.(*ssa.Alloc)
		if !ok {
			return Held{}, false
		}
		for _, user := range *alloc.Referrers() {
			switch user := user.(type) {
			case *ssa.FieldAddr:
				if FieldOf(user.X.Type(), user.Field) != field {
					continue
				}
				for _, use := range *user.Referrers() {
					if store, ok := use.(*ssa.Store); ok && store.Addr == user && !p.inTest(store) {
						all.Values = append(all.Values, store.Val)
					}
				}
			case *ssa.Store:
				if user.Addr != alloc {
					continue
				}
				h, ok := p.fieldIn(user.Val, field, depth+1)
				if !ok {
					return Held{}, false
				}
				all.Values = append(all.Values, h.Values...)
			}
		}
	}
	return all, len(all.Values) > 0
}

// heldNow is what a local variable holds where it is read: what is stored there
// before, if that is known and no function literal stores something.
func (p *Program) heldNow(load *ssa.UnOp, alloc *ssa.Alloc) Held {
	h := p.HeldIn(alloc)
	if !h.Complete || len(h.Values) < 2 || slices.ContainsFunc(p.Names(alloc)[1:], isStored) {
		return h
	}
	r := reaching{Program: p, alloc: alloc, seen: make(map[*ssa.BasicBlock]bool)}
	if !r.above(load) || len(r.values) == 0 {
		return h
	}
	return Held{Values: r.values, Complete: true, Now: true}
}

// reaching are the values that a local variable may hold at some place.
type reaching struct {
	*Program
	alloc   *ssa.Alloc
	values  []ssa.Value
	seen    map[*ssa.BasicBlock]bool // to their ends
	entered []*ssa.Function
}

// above adds what is stored above an instruction, on every way to it; false if
// a way comes from where it cannot be seen.
func (r *reaching) above(instr ssa.Instruction) bool {
	block := instr.Block()
	return r.before(block, slices.Index(block.Instrs, instr))
}

func (r *reaching) before(block *ssa.BasicBlock, i int) bool {
	for _, instr := range slices.Backward(block.Instrs[:i]) {
		if instr == ssa.Instruction(r.alloc) {
			return true // nothing yet
		}
		if store, ok := instr.(*ssa.Store); ok && store.Addr == r.alloc {
			if !slices.Contains(r.values, store.Val) {
				r.values = append(r.values, store.Val)
			}
			return true
		}
	}
	if len(block.Preds) == 0 {
		return block.Index == 0 && block.Parent() != r.alloc.Parent() && r.called(block.Parent())
	}
	for _, pred := range block.Preds {
		if r.seen[pred] || r.isNilOn(pred, block) {
			continue
		}
		r.seen[pred] = true
		if len(r.seen) > maxAbove || !r.before(pred, len(pred.Instrs)) {
			return false
		}
	}
	return true
}

// isNilOn: control goes from one block to another only if the variable was seen
// to be nil.
func (r *reaching) isNilOn(from, to *ssa.BasicBlock) bool {
	cmp, equal := control.ComparisonOn(from, to)
	if cmp == nil || !equal {
		return false
	}
	x, y := cmp.X, cmp.Y
	if control.IsNil(x) {
		x, y = y, x
	}
	load, ok := x.(*ssa.UnOp)
	return ok && load.X == r.alloc && load.Block() == from && control.IsNil(y) &&
		!slices.ContainsFunc(from.Instrs[slices.Index(from.Instrs, ssa.Instruction(load)):], func(instr ssa.Instruction) bool {
			store, ok := instr.(*ssa.Store)
			return ok && store.Addr == r.alloc
		})
}

// called adds what is stored when a function literal, of which all calls are
// known, is called.
func (r *reaching) called(literal *ssa.Function) bool {
	if slices.Contains(r.entered, literal) {
		return true // it calls itself
	}
	r.entered = append(r.entered, literal)
	sites := slices.Clone(r.calls.sites[literal])
	for _, handing := range r.calls.handed[literal] {
		sites = append(sites, handing.Call)
	}
	return r.Awaited(literal) && !slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
		_, now := site.(*ssa.Call)
		return !now || !r.above(site)
	})
}

// isStored: something is stored to an address, not only after a panic.
func isStored(addr ssa.Value) bool {
	return slices.ContainsFunc(*addr.Referrers(), func(user ssa.Instruction) bool {
		store, ok := user.(*ssa.Store)
		return ok && store.Addr == addr && !recovers(store.Parent())
	})
}

// HeldIn returns what a local variable ever holds, what function literals that
// share it and functions that get its address store included. It is not
// complete if its address goes elsewhere.
func (p *Program) HeldIn(alloc *ssa.Alloc) Held {
	h, known := p.cells.locals[alloc]
	if !known {
		h = p.heldIn(alloc)
		p.cells.locals[alloc] = h
	}
	return h
}

func (p *Program) heldIn(alloc *ssa.Alloc) Held {
	h := Held{Complete: true}
	for _, name := range p.Names(alloc) {
		for _, user := range *name.Referrers() {
			switch user := user.(type) {
			case *ssa.UnOp, *ssa.DebugRef, *ssa.MakeClosure:
			case *ssa.Store:
				if user.Addr != name {
					h.Complete = false
				} else if !p.inTest(user) || p.inTest(alloc) {
					h.Values = append(h.Values, user.Val)
				}
			case ssa.CallInstruction:
				h.Complete = h.Complete && len(p.Callees(user)) > 0
			default:
				h.Complete = false
			}
		}
	}
	return h
}

// StoresTo returns the assignments to a local variable, those of function
// literals that share it included.
func (p *Program) StoresTo(alloc *ssa.Alloc) []*ssa.Store {
	var stores []*ssa.Store
	for _, name := range p.Names(alloc) {
		for _, user := range *name.Referrers() {
			if store, ok := user.(*ssa.Store); ok && store.Addr == name {
				stores = append(stores, store)
			}
		}
	}
	return stores
}

// Variable returns the local variable that an address is, also as a function
// literal sees it; nil if it is none.
func (p *Program) Variable(addr ssa.Value) *ssa.Alloc {
	for {
		switch a := addr.(type) {
		case *ssa.Alloc:
			return a
		case *ssa.FreeVar:
			addr = p.Binding(a)
		default:
			return nil
		}
	}
}

// Names returns a local variable, and its name in each of the function
// literals that share it and of the functions of this package that get its
// address.
func (p *Program) Names(alloc *ssa.Alloc) []ssa.Value {
	names := []ssa.Value{alloc}
	for i := 0; i < len(names); i++ {
		for _, user := range *names[i].Referrers() {
			switch user := user.(type) {
			case *ssa.MakeClosure:
				fn := user.Fn.(*ssa.Function)
				for j, binding := range user.Bindings {
					if binding == names[i] && j < len(fn.FreeVars) {
						names = append(names, fn.FreeVars[j])
					}
				}
			case ssa.CallInstruction:
				for _, fn := range p.Callees(user) {
					for _, param := range fn.Params {
						if p.ArgOf(user, param) == names[i] && !slices.Contains(names, ssa.Value(param)) {
							names = append(names, param)
						}
					}
				}
			}
		}
	}
	return names
}

// Made returns the values that make a function literal which captures
// something, more than one if SSA repeats the code around it.
func (p *Program) Made(fn *ssa.Function) []*ssa.MakeClosure { return p.cells.closures[fn] }

// Binding returns what a function literal's free variable is bound to, nil if
// that is not one thing.
func (p *Program) Binding(v *ssa.FreeVar) ssa.Value {
	fn := v.Parent()
	i := slices.Index(fn.FreeVars, v)
	if fn.Parent() == nil || i < 0 {
		return nil // a bound method's receiver
	}
	var bound ssa.Value
	for _, closure := range p.cells.closures[fn] {
		if i >= len(closure.Bindings) || bound != nil && bound != closure.Bindings[i] {
			return nil
		}
		bound = closure.Bindings[i]
	}
	return bound
}

// FieldOf returns field number i of a struct or a pointer to one, that of the
// generic type for an instance.
func FieldOf(t types.Type, i int) *types.Var {
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	return t.Underlying().(*types.Struct).Field(i).Origin()
}
