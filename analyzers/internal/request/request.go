package request

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A Region is the code that runs again for another attempt: a loop, or a
// whole function.
type Region struct {
	Fn   *ssa.Function
	Loop *loops.Loop // or nil
}

// Holds: an instruction is part of the code.
func (rg Region) Holds(instr ssa.Instruction) bool {
	if instr.Block() == nil || instr.Parent() != rg.Fn {
		return false
	}
	return rg.Loop == nil || rg.Loop.Blocks[instr.Block()]
}

// A Write is an assignment to a field of a message, or to an element.
type Write struct {
	*ssa.Store
	field int // -1 for an element
}

// Writes lists the assignments to fields of a message, or of what a variable
// holds, that the package shows.
func (x *Index) Writes(message ssa.Value) []Write {
	if x.fieldWrites == nil {
		x.fieldWrites = make(map[ssa.Value][]Write)
		for instr := range x.Program.Instructions {
			store, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			switch addr := store.Addr.(type) {
			case *ssa.FieldAddr:
				base := x.Root(addr.X)
				x.fieldWrites[base] = append(x.fieldWrites[base], Write{store, addr.Field})
			case *ssa.IndexAddr:
				base := x.Root(addr.X)
				x.fieldWrites[base] = append(x.fieldWrites[base], Write{store, -1})
			}
		}
	}
	return x.fieldWrites[message]
}

// Same reports whether another attempt in the region sends the same request:
// every part of it is, but for what generators make anew.
func (x *Index) Same(r *Request, rg Region) bool {
	if r.varies {
		return false
	}
	for _, part := range r.Parts {
		if !x.steady(part, rg) {
			return false
		}
	}
	if r.Message == nil {
		return true
	}
	if !x.steady(r.Message, rg) {
		return false
	}
	for _, w := range x.Writes(x.Root(r.Message)) {
		if rg.Holds(w) && !x.steady(w.Val, rg) {
			return false // read anew, counted up, the next page
		}
	}
	return true
}

// SameClient reports whether another attempt goes to the same server, as far
// as the program knows.
func (x *Index) SameClient(r *Request, rg Region) bool {
	if r.elsewhere {
		return false
	}
	for _, client := range r.Client {
		if !x.steady(client, rg) || x.looksUp(client, rg) {
			return false
		}
	}
	return true
}

// looksUp: the connection comes from a function that is asked anew for every
// attempt and may name another server. One that dials, or makes a client of
// a connection, or returns a field, does not.
func (x *Index) looksUp(v ssa.Value, rg Region) bool {
	return x.dependsOn(v, func(v ssa.Value) bool {
		call, ok := v.(*ssa.Call)
		if !ok || !rg.Holds(call) {
			return false
		}
		obj := program.CalledObject(&call.Call)
		if obj == nil {
			return true
		}
		if x.stubs.ServiceOf(obj) != "" || codeflow.PathOf(obj) == stub.GRPCPath {
			return false
		}
		fn := x.Program.Declared(obj)
		return fn == nil || !onlyReads(fn)
	})
}

// isMessage: a pointer to a struct with the methods of a generated message.
func isMessage(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "ProtoMessage")
	_, ok := obj.(*types.Func)
	return ok
}

// Roots are where all that a condition is computed from comes from.
func (x *Index) Roots(cond ssa.Value) map[ssa.Value]bool {
	roots := make(map[ssa.Value]bool)
	x.behind(cond, func(v ssa.Value) bool {
		roots[x.Root(v)] = true
		return true
	})
	return roots
}

// LooksAt: a condition with these roots looks at what the request is made of:
// whether the operation is a read, say.
func (x *Index) LooksAt(roots map[ssa.Value]bool, r *Request) bool {
	for _, v := range append(slices.Clone(r.Parts), r.Message) {
		if v == nil {
			continue
		}
		v = x.Root(v)
		if load, ok := v.(*ssa.UnOp); ok {
			if field, ok := load.X.(*ssa.FieldAddr); ok {
				v = x.Root(field.X) // op.request: op tells about it
			}
		}
		if roots[v] {
			return true
		}
	}
	return false
}
