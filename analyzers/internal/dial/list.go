package dial

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A List is a list of dial options that is written out: a literal, or the
// arguments of a call.
type List struct {
	Options []Listed
	// Dial is the dial whose arguments they are, Passed says that they are
	// those of another function, which may choose among them.
	Dial   *Call
	Passed bool
}

// A Listed is an option in a list.
type Listed struct {
	Option
	// Expr is the call that makes the option or, if that is in another
	// package, the one that gets it from there; nil if that is no call.
	Expr *ssa.Call
	// Alone: the option is made for this list and nothing else.
	Alone bool
}

// lists returns the lists of options in the order of the source.
func (e *engine) lists(calls []*Call) []List {
	var lists []List
	dials := make(map[ssa.Instruction]*Call)
	for _, d := range calls {
		dials[d.Instr] = d
	}
	for instr := range e.index.Instructions {
		array, ok := instr.(*ssa.Alloc)
		if !ok || !isArray(array) || !optionTypes.Among(array.Type().Underlying().(*types.Pointer).Elem()) {
			continue
		}
		var list List
		for _, v := range e.index.Elements(array).Values {
			for _, option := range e.optionsOf(v).List {
				list.Options = append(list.Options, e.listed(option, v, array.Parent()))
			}
		}
		if array.Comment == "varargs" {
			to := receiver(array)
			list.Dial = dials[to]
			list.Passed = list.Dial == nil && !isAppend(to)
		}
		lists = append(lists, list)
	}
	return lists
}

func isArray(variable *ssa.Alloc) bool {
	_, ok := variable.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
	return ok
}

// receiver returns the call that gets an array of arguments.
func receiver(array *ssa.Alloc) ssa.Instruction {
	for _, user := range *array.Referrers() {
		if whole, ok := user.(*ssa.Slice); ok && len(*whole.Referrers()) == 1 {
			return (*whole.Referrers())[0]
		}
	}
	return nil
}

func isAppend(instr ssa.Instruction) bool {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return false
	}
	builtin, ok := call.Call.Value.(*ssa.Builtin)
	return ok && builtin.Name() == "append"
}

// listed describes an option that is at v in a list of fn.
func (e *engine) listed(option Option, v ssa.Value, fn *ssa.Function) Listed {
	l := Listed{Option: option, Expr: option.Call(), Alone: true}
	if l.Expr == nil {
		l.Expr, _ = v.(*ssa.Call)
	} else {
		l.Alone = e.onlyFor(l.Expr, fn)
	}
	return l
}

// onlyFor: an option is made in a function, for a variable that is read there
// once, or in a function that is called there, be it by a helper, or for such a
// variable, and nowhere else.
func (e *engine) onlyFor(made *ssa.Call, fn *ssa.Function) bool {
	for range maxChain {
		maker := made.Parent()
		if read := e.onlyRead(made); read != nil {
			maker = read.Parent()
		}
		if program.IsWithin(fn, maker) {
			return true
		}
		sites, _ := e.index.Callers(maker)
		for _, handing := range e.index.Handed(maker) {
			sites = append(sites, handing.Call) // to who returns what it makes
		}
		if obj := maker.Object(); len(sites) != 1 || obj != nil && obj.Exported() {
			return false
		}
		call, ok := sites[0].(*ssa.Call)
		if !ok {
			return false // nobody gets what it returns
		}
		made = call
	}
	return false
}

// onlyRead returns the one place where the package variable is read that a
// value is stored in; nil if there is none, or more than one.
func (e *engine) onlyRead(v ssa.Value) ssa.Instruction {
	var variable *ssa.Global
	for _, user := range *v.Referrers() {
		if store, ok := user.(*ssa.Store); ok {
			variable, _ = store.Addr.(*ssa.Global)
		}
	}
	if variable == nil || variable.Object() == nil || variable.Object().Exported() {
		return nil
	}
	var only ssa.Instruction
	for instr := range e.index.Instructions {
		if load, ok := instr.(*ssa.UnOp); ok && load.X == ssa.Value(variable) {
			if only != nil {
				return nil
			}
			only = load
		}
	}
	return only
}
