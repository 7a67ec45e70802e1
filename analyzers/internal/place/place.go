// Package place tells which values of a package's SSA form are the same
// variable: a parameter, what a call returned, a field of either, also as a
// function literal sees them.
package place

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// maxFields bounds the length of a chain of fields.
const maxFields = 4

// A Place names a value by where it comes from: a root and the fields that
// lead from it to the value. Pointers and what they point to are not told
// apart. Places are comparable; equal places hold the same value, as long as
// nobody assigns anew.
type Place struct {
	Root   ssa.Value
	fields [maxFields]*types.Var
}

// IsZero reports whether p names nothing.
func (p Place) IsZero() bool { return p.Root == nil }

// Fields returns the chain of fields from the root.
func (p Place) Fields() []*types.Var {
	for i, f := range p.fields {
		if f == nil {
			return p.fields[:i]
		}
	}
	return p.fields[:]
}

// Type returns the type of what the place holds.
func (p Place) Type() types.Type {
	if fields := p.Fields(); len(fields) > 0 {
		return fields[len(fields)-1].Type()
	}
	return p.Root.Type()
}

// With returns the place of a field of p, or nothing if the chain is too
// long.
func (p Place) With(fields ...*types.Var) Place {
	n := len(p.Fields())
	if p.Root == nil || n+len(fields) > maxFields {
		return Place{}
	}
	copy(p.fields[n:], fields)
	return p
}

// A Resolver finds the places of one package's values.
type Resolver struct {
	program *program.Program
	known   map[ssa.Value]Place
	busy    map[ssa.Value]bool
}

// NewResolver returns a resolver of a package.
func NewResolver(p *program.Program) *Resolver {
	return &Resolver{p, make(map[ssa.Value]Place), make(map[ssa.Value]bool)}
}

// Literal returns the function literal that v is, or nil.
func Literal(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.MakeClosure:
		if fn := v.Fn.(*ssa.Function); fn.Parent() != nil {
			return fn
		}
	case *ssa.Function:
		if v.Parent() != nil {
			return v
		}
	case *ssa.ChangeType:
		return Literal(v.X)
	}
	return nil
}

// Of returns the place of a value.
func (r *Resolver) Of(v ssa.Value) Place {
	if p, ok := r.known[v]; ok {
		return p
	}
	if r.busy[v] {
		return Place{Root: v}
	}
	r.busy[v] = true
	p := r.resolve(v)
	delete(r.busy, v)
	r.known[v] = p
	return p
}

func (r *Resolver) resolve(v ssa.Value) Place {
	switch v := v.(type) {
	case *ssa.ChangeInterface:
		return r.Of(v.X)
	case *ssa.ChangeType:
		return r.Of(v.X)
	case *ssa.MakeInterface:
		return r.Of(v.X)
	case *ssa.TypeAssert:
		if !v.CommaOk {
			return r.Of(v.X)
		}
	case *ssa.Extract:
		if assert, ok := v.Tuple.(*ssa.TypeAssert); ok && v.Index == 0 {
			return r.Of(assert.X)
		}
		if only := r.element(v); only != nil {
			return r.Of(only)
		}
	case *ssa.Parameter:
		if arg := r.argument(v); arg != nil {
			return r.Of(arg)
		}
	case *ssa.FreeVar:
		if binding := r.program.Binding(v); binding != nil {
			return r.Of(binding)
		}
	case *ssa.Phi:
		return r.phi(v)
	case *ssa.UnOp:
		if only := r.element(v); only != nil {
			return r.Of(only)
		}
		if v.Op == token.MUL {
			return r.load(v.X)
		}
	case *ssa.Lookup:
		if only := r.element(v); only != nil {
			return r.Of(only)
		}
	case *ssa.FieldAddr:
		if p := r.Of(v.X).With(program.FieldOf(v.X.Type(), v.Field)); !p.IsZero() {
			return p
		}
	case *ssa.Field:
		if p := r.Of(v.X).With(program.FieldOf(v.X.Type(), v.Field)); !p.IsZero() {
			return p
		}
	}
	return Place{Root: v}
}

// argument returns what the only call of a function literal passes as a
// parameter.
func (r *Resolver) argument(p *ssa.Parameter) ssa.Value {
	if p.Parent().Parent() == nil {
		return nil
	}
	sites, _ := r.program.Callers(p.Parent())
	if len(sites) != 1 {
		return nil
	}
	return r.program.ArgOf(sites[0], p)
}

// element returns the one thing that a slice, an array or a map holds of which
// an element is read, nil if there are others, or if it is made again and again.
func (r *Resolver) element(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.UnOp:
		if _, ok := v.X.(*ssa.IndexAddr); !ok {
			return nil
		}
	case *ssa.Extract:
		switch v.Tuple.(type) {
		case *ssa.Lookup, *ssa.Next:
		default:
			return nil
		}
	}
	h, ok := r.program.Read(v)
	if !ok || !h.Complete || len(h.Values) != 1 {
		return nil
	}
	made, ok := h.Values[0].(ssa.Instruction)
	if ok && (made.Parent() != v.Parent() || len(r.program.Around(made)) > 0) {
		return nil // of another call of the function, or another round
	}
	return h.Values[0]
}

// phi: a choice between names of one thing is that thing.
func (r *Resolver) phi(phi *ssa.Phi) Place {
	var only Place
	for _, edge := range phi.Edges {
		if c, ok := edge.(*ssa.Const); ok && c.IsNil() {
			continue
		}
		p := r.Of(edge)
		if p.Root == phi && len(p.Fields()) == 0 {
			continue
		}
		if !only.IsZero() && p != only {
			return Place{Root: phi}
		}
		only = p
	}
	if only.IsZero() {
		return Place{Root: phi}
	}
	return only
}

// Field returns the place of what a chain of fields of p holds.
func (r *Resolver) Field(p Place, fields ...*types.Var) Place {
	if alloc, ok := p.Root.(*ssa.Alloc); ok && len(p.Fields()) == 0 && len(fields) > 0 {
		if q, ok := r.inVariable(alloc, fields); ok {
			return q
		}
	}
	return p.With(fields...)
}

// load returns the place of what a variable or a field holds: of the value
// that was stored there if there is only one, else of the variable itself.
func (r *Resolver) load(addr ssa.Value) Place {
	at := r.Of(addr)
	alloc, ok := at.Root.(*ssa.Alloc)
	if !ok {
		return at
	}
	switch fields := at.Fields(); len(fields) {
	case 0:
		if stored := r.onlyStore(alloc); stored != nil {
			return r.Of(stored)
		}
	default:
		if p, ok := r.inVariable(alloc, fields); ok {
			return p
		}
	}
	return at
}

// inVariable returns the place of a field of a struct in a variable: of what is
// stored there, or of the struct that the whole variable is set to.
func (r *Resolver) inVariable(alloc *ssa.Alloc, fields []*types.Var) (Place, bool) {
	stored, several := r.onlyFieldStore(alloc, fields[0])
	switch {
	case several:
		return Place{}, false
	case stored != nil:
		return r.Field(r.Of(stored), fields[1:]...), true
	}
	whole := r.onlyStore(alloc)
	if whole == nil {
		return Place{}, false
	}
	p := r.Field(r.Of(whole), fields...)
	return p, !p.IsZero()
}

// onlyStore returns the one value that a local variable ever holds, or nil.
func (r *Resolver) onlyStore(alloc *ssa.Alloc) ssa.Value {
	values := slices.DeleteFunc(slices.Clone(r.program.HeldIn(alloc).Values), control.IsNil)
	if len(values) != 1 {
		return nil
	}
	return values[0]
}

// onlyFieldStore returns the one value that the function which makes a struct
// stores in a field of it, or nil; several says that there are others.
func (r *Resolver) onlyFieldStore(alloc *ssa.Alloc, field *types.Var) (only ssa.Value, several bool) {
	for _, user := range *alloc.Referrers() {
		addr, ok := user.(*ssa.FieldAddr)
		if !ok || program.FieldOf(addr.X.Type(), addr.Field) != field {
			continue
		}
		for _, store := range *addr.Referrers() {
			if store, ok := store.(*ssa.Store); ok && store.Addr == addr {
				if only != nil {
					return nil, true
				}
				only = store.Val
			}
		}
	}
	return only, false
}
