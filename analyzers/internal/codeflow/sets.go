package codeflow

import (
	"go/constant"

	"golang.org/x/tools/go/ssa"
)

// MapOfCodes evaluates a map whose keys are codes, all of them constants:
// those whose value is true or, if any is asked for, those that it has.
func (p Values) MapOfCodes(m ssa.Value, any bool) (Codes, bool) {
	made, ok := p.Root(m).(*ssa.MakeMap)
	if !ok {
		return 0, false
	}
	var set Codes
	for _, user := range *made.Referrers() {
		switch user := user.(type) {
		case *ssa.MapUpdate:
			code, ok := CodeIn(user.Key)
			if !ok {
				return 0, false
			}
			if value, ok := user.Value.(*ssa.Const); !any {
				if !ok || value.Value == nil || value.Value.Kind() != constant.Bool {
					return 0, false
				}
				if !constant.BoolVal(value.Value) {
					continue
				}
			}
			set |= code
		case *ssa.Store, *ssa.Lookup, *ssa.Range, *ssa.DebugRef:
		default:
			return 0, false
		}
	}
	return set, true
}

// ListOfCodes evaluates a slice of codes that is written out, there or where
// the one caller of a function passes it.
func (p Values) ListOfCodes(list ssa.Value) (Codes, bool) {
	list = p.Root(list)
	if sources := p.Program.Sources(list); len(sources) == 1 {
		list = sources[0]
	}
	if c, ok := list.(*ssa.Const); ok && c.IsNil() {
		return 0, true
	}
	h := p.Program.Elements(list)
	var set Codes
	for _, v := range h.Values {
		code, ok := CodeIn(v)
		if !ok {
			return 0, false
		}
		set |= code
	}
	return set, h.Complete && len(h.Values) > 0
}

// CodeIn is the code that a constant is.
func CodeIn(v ssa.Value) (Codes, bool) {
	n, ok := ConstInt(v)
	return CodeOf(n), ok
}
