package errflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// IsNilIn reports whether control gets to a block only if v was seen to be
// nil.
func IsNilIn(v ssa.Value, block *ssa.BasicBlock) bool {
	isNil, _ := outcomeIn(v, block)
	return isNil
}

// IsErrorIn reports whether control gets to a block only if v was seen not
// to be nil.
func IsErrorIn(v ssa.Value, block *ssa.BasicBlock) bool {
	_, isError := outcomeIn(v, block)
	return isError
}

func outcomeIn(v ssa.Value, block *ssa.BasicBlock) (isNil, isError bool) {
	if control.IsNil(v) {
		return true, false
	}
	if d := control.Decides(v, block, control.IsNil); d != nil {
		return d.Equal, !d.Equal
	}
	return false, false
}

// EntriesOnError returns the blocks that control enters only because v was
// seen not to be nil.
func EntriesOnError(v ssa.Value) []*ssa.BasicBlock {
	var entries []*ssa.BasicBlock
	for d := range control.Decisions(v, control.IsNil) {
		if !d.Equal && !slices.Contains(entries, d.Entered) {
			entries = append(entries, d.Entered)
		}
	}
	return entries
}

// outcomeOnEdge: what the branch from one block to another says about v.
func outcomeOnEdge(v ssa.Value, from, to *ssa.BasicBlock) (isNil, isError bool) {
	b, equal := control.ComparisonOn(from, to)
	if b == nil {
		return false, false
	}
	x, y := b.X, b.Y
	if control.IsNil(x) {
		x, y = y, x
	}
	if !sameError(x, v) || !control.IsNil(y) {
		return false, false
	}
	return equal, !equal
}

// sentinelIn returns what v is in a block to which control only gets if v
// equals a package variable: the read of that variable. It is nil otherwise.
func sentinelIn(v ssa.Value, block *ssa.BasicBlock) *ssa.UnOp {
	var nearest *control.Decision
	for d := range control.Decisions(v, IsGlobal) {
		if d.Equal && d.Entered.Dominates(block) && (nearest == nil || nearest.Entered.Dominates(d.Entered)) {
			nearest = &d
		}
	}
	if nearest == nil {
		return nil
	}
	return nearest.With.(*ssa.UnOp)
}

// IsGlobal reports whether v is the read of a package variable.
func IsGlobal(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	_, ok = load.X.(*ssa.Global)
	return ok
}

// sameError: two names of one value: itself, or two reads of a variable with
// the same last assignment.
func sameError(x, v ssa.Value) bool {
	if x == v {
		return true
	}
	a, ok1 := x.(*ssa.UnOp)
	b, ok2 := v.(*ssa.UnOp)
	if !ok1 || !ok2 || a.Op != token.MUL || b.Op != token.MUL || a.X != b.X {
		return false
	}
	if _, local := a.X.(*ssa.Alloc); !local {
		return false
	}
	first, second := control.LastStore(a), control.LastStore(b)
	return first != nil && first == second
}

// nilOnEdge: the value that a phi takes on an edge is known to be nil there.
func nilOnEdge(v ssa.Value, from, to *ssa.BasicBlock) bool {
	if isNil, isError := outcomeOnEdge(v, from, to); isNil || isError {
		return isNil
	}
	return IsNilIn(v, from)
}

// Tested reports whether an error is looked at; see [Source.Tested].
func Tested(v ssa.Value) bool {
	return slices.ContainsFunc(Carriers(v), looksAt)
}

// maxCarriers bounds how many values are told to be the same error.
const maxCarriers = 24

// Carriers returns v and what holds it or is read of that: other names of it,
// choices with others, variables that function literals share, structs.
func Carriers(v ssa.Value) []ssa.Value {
	list := append([]ssa.Value{v}, readsOfField(v)...)
	add := func(v ssa.Value) {
		if len(list) < maxCarriers && !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	for i := 0; i < len(list); i++ {
		for _, user := range control.Uses(list[i]) {
			switch user := user.(type) {
			case *ssa.Phi, *ssa.ChangeInterface:
				add(user.(ssa.Value))
			case *ssa.Store:
				field, isField := user.Addr.(*ssa.FieldAddr)
				switch {
				case user.Val != list[i]:
				case isField && control.IsLocal(field.X):
					add(field.X)
					for _, read := range readsOf(field.X, field.Field) {
						add(read)
					}
				case control.IsLocal(user.Addr):
					add(user.Addr)
				}
			case *ssa.UnOp: // of a variable
				if user.Op == token.MUL {
					add(user)
				}
			case *ssa.MakeClosure:
				if j := slices.Index(user.Bindings, list[i]); j >= 0 {
					add(user.Fn.(*ssa.Function).FreeVars[j])
				}
			}
		}
	}
	return list
}

// readsOfField returns the reads of a field of the struct that v is read from,
// by the same name; nothing for other values.
func readsOfField(v ssa.Value) []ssa.Value {
	var owner ssa.Value
	var index int
	switch v := v.(type) {
	case *ssa.Field:
		owner, index = v.X, v.Field
	case *ssa.UnOp:
		addr, ok := v.X.(*ssa.FieldAddr)
		if !ok {
			return nil
		}
		owner, index = addr.X, addr.Field
	default:
		return nil
	}
	return readsOf(owner, index)
}

// readsOf returns the reads of a field of a struct, by the name of the struct.
func readsOf(owner ssa.Value, index int) []ssa.Value {
	var reads []ssa.Value
	for _, user := range control.Uses(owner) {
		switch user := user.(type) {
		case *ssa.Field:
			if user.Field == index {
				reads = append(reads, user)
			}
		case *ssa.FieldAddr:
			for _, use := range control.Uses(user) {
				if load, ok := use.(*ssa.UnOp); ok && user.Field == index {
					reads = append(reads, load)
				}
			}
		}
	}
	return reads
}

// looksAt: a use of v looks at what kind of error it is.
func looksAt(v ssa.Value) bool {
	return slices.ContainsFunc(control.Uses(v), func(user ssa.Instruction) bool {
		switch user := user.(type) {
		case *ssa.BinOp:
			return !control.IsNil(user.X) && !control.IsNil(user.Y)
		case *ssa.TypeAssert:
			return true
		case *ssa.Call:
			return asks(user, v)
		}
		return false
	})
}

// asks: the call wants to know what kind of error v is: errors.Is,
// errors.As, status.Code, status.FromError, os.IsNotExist, a predicate of
// one's own.
func asks(call *ssa.Call, v ssa.Value) bool {
	if call.Call.IsInvoke() && call.Call.Value == v {
		return false // err.Error()
	}
	results := call.Call.Signature().Results()
	for r := range results.Variables() {
		t := r.Type()
		if basic, ok := t.Underlying().(*types.Basic); ok && basic.Kind() == types.Bool {
			return true
		}
		if isStatusType(t) || isCodeType(t) {
			return true
		}
	}
	return false
}

func isCodeType(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Code" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == CodesPath
}

// behindNil notes of sources that control gets to them, or from them to the
// block, only if a parameter of the function is nil.
func behindNil(block *ssa.BasicBlock, o *Origin) *Origin {
	p := nilParamIn(block)
	if p == nil || len(o.Sources) == 0 {
		return o
	}
	return o.each(func(s Source) Source {
		if s.NilParam == 0 {
			s = s.ifNil(p)
		}
		return s
	})
}

// ifNil is the source of an error that is made if a parameter is nil.
func (s Source) ifNil(p *ssa.Parameter) Source {
	s.NilParam, s.nilParam = program.SignatureIndex(p)+1, p
	return s
}

// nilParamIn returns a parameter that is nil in a block.
func nilParamIn(block *ssa.BasicBlock) *ssa.Parameter {
	for b := block; b != nil; b = b.Idom() {
		if len(b.Preds) != 1 {
			continue
		}
		test, equal := control.ComparisonOn(b.Preds[0], b)
		if test == nil || !equal {
			continue
		}
		x, y := test.X, test.Y
		if control.IsNil(x) {
			x, y = y, x
		}
		if p, ok := x.(*ssa.Parameter); ok && control.IsNil(y) && program.SignatureIndex(p) >= 0 {
			return p
		}
	}
	return nil
}
