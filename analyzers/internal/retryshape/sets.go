package retryshape

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// mapOfCodes evaluates a map whose keys are codes, all of them constants:
// those whose value is true or, if any is asked for, those that it has.
func (sh *shapes) mapOfCodes(m ssa.Value, any bool) (Codes, bool) {
	made, ok := sh.origin(m).(*ssa.MakeMap)
	if !ok {
		return 0, false
	}
	var set Codes
	for _, user := range *made.Referrers() {
		switch user := user.(type) {
		case *ssa.MapUpdate:
			key, ok := user.Key.(*ssa.Const)
			if !ok || key.Value == nil || key.Value.Kind() != constant.Int {
				return 0, false
			}
			n, _ := constant.Int64Val(key.Value)
			if value, ok := user.Value.(*ssa.Const); !any {
				if !ok || value.Value == nil || value.Value.Kind() != constant.Bool {
					return 0, false
				}
				if !constant.BoolVal(value.Value) {
					continue
				}
			}
			set |= codeOf(n)
		case *ssa.Store, *ssa.Lookup, *ssa.Range, *ssa.DebugRef:
		default:
			return 0, false
		}
	}
	return set, true
}

// listOfCodes evaluates a slice of codes that is written out.
func (sh *shapes) listOfCodes(list ssa.Value) (Codes, bool) {
	list = sh.origin(list)
	if c, ok := list.(*ssa.Const); ok && c.IsNil() {
		return 0, true
	}
	values := elements(list)
	if len(values) == 0 {
		return 0, false
	}
	var set Codes
	for _, v := range values {
		c, ok := v.(*ssa.Const)
		if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
			return 0, false
		}
		n, _ := constant.Int64Val(c.Value)
		set |= codeOf(n)
	}
	return set, true
}

// origin resolves the read of a package variable that is written once, by
// its declaration, and of a local variable that is written once.
func (sh *shapes) origin(v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return v
	}
	switch addr := load.X.(type) {
	case *ssa.Global:
		if stored := sh.globals()[addr]; len(stored) == 1 {
			return stored[0]
		}
	case *ssa.Alloc, *ssa.FreeVar:
		if stored := sh.stores(sh.captured(addr)); len(stored) == 1 {
			return stored[0]
		}
	}
	return v
}

// globals collects what is stored to the package's variables of types that
// hold codes or functions.
func (sh *shapes) globals() map[*ssa.Global][]ssa.Value {
	if sh.globalStores != nil {
		return sh.globalStores
	}
	sh.globalStores = make(map[*ssa.Global][]ssa.Value)
	for _, fn := range sh.ssa.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				store, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				if global, ok := store.Addr.(*ssa.Global); ok {
					sh.globalStores[global] = append(sh.globalStores[global], store.Val)
				}
			}
		}
	}
	return sh.globalStores
}

// captured resolves a free variable to the local variable that it is.
func (sh *shapes) captured(addr ssa.Value) ssa.Value {
	for range 20 {
		free, ok := addr.(*ssa.FreeVar)
		if !ok {
			return addr
		}
		closure := sh.closures[free.Parent()]
		if closure == nil {
			return addr // a bound method's receiver
		}
		for i, fv := range free.Parent().FreeVars {
			if fv == free {
				addr = closure.Bindings[i]
			}
		}
	}
	return addr
}

// stores lists what is stored to a local variable, also by the closures that
// capture it.
func (sh *shapes) stores(addr ssa.Value) []ssa.Value {
	var stored []ssa.Value
	if addr == nil || addr.Referrers() == nil {
		return nil
	}
	for _, user := range *addr.Referrers() {
		switch user := user.(type) {
		case *ssa.Store:
			if user.Addr == addr {
				stored = append(stored, user.Val)
			}
		case *ssa.MakeClosure:
			for i, binding := range user.Bindings {
				if binding == addr {
					stored = append(stored, sh.stores(user.Fn.(*ssa.Function).FreeVars[i])...)
				}
			}
		}
	}
	return stored
}

// calledObject returns the declared function, method or interface method
// that a call names, generic ones as declared; nil for func values.
func calledObject(call ssa.CallInstruction) *types.Func {
	common := call.Common()
	if common.IsInvoke() {
		return common.Method.Origin()
	}
	fn := common.StaticCallee()
	if fn == nil {
		return nil
	}
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	obj, _ := fn.Object().(*types.Func)
	if obj == nil {
		return nil
	}
	return obj.Origin()
}
