package streams

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// Unchanged reports whether the stream of a call is the same in every turn
// of a loop around it: nobody assigns another one to the variable or field
// that holds it.
func (info *Info) Unchanged(c *Call, loop *control.Loop) bool {
	if c.wrapped != nil {
		return info.keeps(c)
	}
	switch v := c.Stream.(type) {
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return false // received from a channel
		}
		return !info.writtenIn(v.X, c, loop)
	case *ssa.Phi:
		return !loop.Holds(v)
	case *ssa.Call:
		return !loop.Holds(v) // s.stream(): whatever it returns this time
	case *ssa.Extract:
		return !loop.Holds(v)
	case *ssa.ChangeInterface:
		return info.Unchanged(&Call{Stream: v.X, Instr: c.Instr, Inner: c.Inner, Place: c.Place}, loop)
	}
	return true
}

// keeps: the place of a stream that a wrapper uses holds the same for ever.
func (info *Info) keeps(c *Call) bool {
	if held, _ := Held(c.Place); held {
		return false
	}
	for _, field := range c.Place.Fields() {
		if SideOf(field.Type()) != NoStream && info.Reassigned(field) {
			return false
		}
	}
	switch c.Place.Root.(type) {
	case *ssa.Alloc:
		return len(c.Place.Fields()) > 0
	case *ssa.Global, *ssa.Phi, *ssa.UnOp:
		return false
	}
	return true
}

// writtenIn: a variable may be assigned while the loop runs.
func (info *Info) writtenIn(addr ssa.Value, c *Call, loop *control.Loop) bool {
	switch addr := addr.(type) {
	case *ssa.FieldAddr:
		return info.Reassigned(fieldAt(addr))
	case *ssa.Alloc, *ssa.FreeVar:
		if c.Place.Root != addr && len(c.Place.Fields()) == 0 {
			if _, isAlloc := c.Place.Root.(*ssa.Alloc); !isAlloc {
				return false // resolved to the only value that it ever holds
			}
		}
		return true
	case *ssa.Global:
		return true
	}
	return true // an element of a slice, an array or a map
}

// Replaces reports whether an instruction gives the variable of a call's
// stream another value.
func (info *Info) Replaces(instr ssa.Instruction, c *Call) bool {
	store, ok := instr.(*ssa.Store)
	return ok && SideOf(store.Val.Type()) == c.Side && c.Side != NoStream && info.Place(store.Addr) == c.Place
}

func fieldAt(addr *ssa.FieldAddr) *types.Var { return program.FieldOf(addr.X.Type(), addr.Field) }

// Reassigned reports whether something other than a function that makes the struct writes
// the field, or others may, because it is exported.
func (info *Info) Reassigned(field *types.Var) bool {
	if field.Exported() && !field.Embedded() || field.Pkg() != info.pass.Pkg {
		return true
	}
	return info.fields[field]
}

func (info *Info) noteWrites() {
	info.fields = make(map[*types.Var]bool)
	for instr := range info.SSA.Instructions {
		info.noteWrite(instr)
	}
}

// noteWrite remembers fields with a stream that are written outside of the
// literal that makes their struct.
func (info *Info) noteWrite(instr ssa.Instruction) {
	addr, ok := instr.(*ssa.FieldAddr)
	if !ok || SideOf(fieldAt(addr).Type()) == NoStream {
		return
	}
	_, fresh := addr.X.(*ssa.Alloc)
	for _, user := range control.Uses(addr) {
		switch user := user.(type) {
		case *ssa.UnOp:
			continue
		case *ssa.Store:
			if user.Addr == addr && fresh {
				continue
			}
		}
		info.fields[fieldAt(addr)] = true
	}
}

// Subject names the stream of a call for the fingerprint: the RPC if it is
// known, else the type.
func (info *Info) Subject(c *Call) string {
	if c.RPC != nil {
		return c.RPC.FullMethod
	}
	if open := info.OpenedBy(c.Place); open != nil {
		return open.RPC.FullMethod
	}
	if rpc := info.Served(c.Place); rpc != nil {
		return rpc.FullMethod
	}
	if stub.IsContext(c.Stream.Type()) {
		return c.Func().Name()
	}
	return types.TypeString(c.Stream.Type(), func(p *types.Package) string { return p.Name() })
}
