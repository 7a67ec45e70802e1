package control

import (
	"iter"

	"golang.org/x/tools/go/ssa"
)

// Stores yields the stores to an address, by that name.
func Stores(addr ssa.Value) iter.Seq[*ssa.Store] {
	return func(yield func(*ssa.Store) bool) {
		for _, user := range Uses(addr) {
			if store, ok := user.(*ssa.Store); ok && store.Addr == addr && !yield(store) {
				return
			}
		}
	}
}

// PartStores yields the stores to the fields and elements of a variable: of a
// literal, or of the array behind variadic arguments.
func PartStores(variable *ssa.Alloc) iter.Seq[*ssa.Store] {
	return func(yield func(*ssa.Store) bool) {
		for _, user := range Uses(variable) {
			switch user.(type) {
			case *ssa.FieldAddr, *ssa.IndexAddr:
				for store := range Stores(user.(ssa.Value)) {
					if !yield(store) {
						return
					}
				}
			}
		}
	}
}

// IsLocal: an address is in a variable, an array or a struct that its function
// makes.
func IsLocal(addr ssa.Value) bool {
	for {
		switch a := addr.(type) {
		case *ssa.Alloc:
			return true
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		default:
			return false
		}
	}
}
