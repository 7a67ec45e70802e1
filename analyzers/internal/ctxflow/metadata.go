package ctxflow

import (
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// An entry is what a map has under a key, which is in a field of a struct, as
// the metadata of a command line's app is:
//
//	app.Metadata["ctx"] = ctx
//	...
//	ctx := c.App.Metadata["ctx"].(context.Context)
type entry struct {
	field *types.Var
	key   string
}

// entryOf returns the entry that a context is taken from, nothing for others.
func entryOf(v ssa.Value) (e entry, ok bool) {
	if x, ok := v.(*ssa.Extract); ok && x.Index == 0 {
		v = x.Tuple
	}
	assert, ok := v.(*ssa.TypeAssert)
	if !ok {
		return entry{}, false
	}
	v = assert.X
	if x, ok := v.(*ssa.Extract); ok && x.Index == 0 {
		v = x.Tuple
	}
	lookup, ok := v.(*ssa.Lookup)
	if !ok {
		return entry{}, false
	}
	load, ok := lookup.X.(*ssa.UnOp)
	if !ok {
		return entry{}, false
	}
	return entryAt(load.X, lookup.Index)
}

// entryAt is the entry for a key of the map at the address of a field.
func entryAt(addr, key ssa.Value) (e entry, ok bool) {
	field, isField := addr.(*ssa.FieldAddr)
	c, isConst := key.(*ssa.Const)
	if !isField || !isConst || c.Value == nil || c.Value.Kind() != constant.String {
		return entry{}, false
	}
	return entry{program.FieldOf(field.X.Type(), field.Field), constant.StringVal(c.Value)}, true
}

// put returns what the package puts into an entry.
func (f *follower) put(e entry) []ssa.Value {
	if f.entries == nil {
		f.entries = make(map[entry][]ssa.Value)
		for instr := range f.Instructions {
			update, ok := instr.(*ssa.MapUpdate)
			if !ok {
				continue
			}
			for _, addr := range addresses(update.Map) {
				if e, ok := entryAt(addr, update.Key); ok {
					f.entries[e] = append(f.entries[e], update.Value)
				}
			}
		}
	}
	return f.entries[e]
}

// addresses are those where a map is, or is put.
func addresses(m ssa.Value) (list []ssa.Value) {
	switch m := m.(type) {
	case *ssa.UnOp:
		list = append(list, m.X)
	case *ssa.MakeMap:
		for _, user := range *m.Referrers() {
			if store, ok := user.(*ssa.Store); ok {
				list = append(list, store.Addr)
			}
		}
	}
	return list
}
