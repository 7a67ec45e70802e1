package control

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// An ErrorState is what is known of an error on one way.
type ErrorState uint8

// What may be known of an error.
const (
	MayBeNil ErrorState = 1 << iota
	MayBeEOF            // io.EOF
	MayBeOther
	Anything = MayBeNil | MayBeEOF | MayBeOther
	Failed   = MayBeEOF | MayBeOther
)

// Refine returns what is known of an error, of which isErr tells, behind a
// condition, and whether the condition can come out so.
func (s ErrorState) Refine(cond ssa.Value, outcome bool, isErr func(ssa.Value) bool) (ErrorState, bool) {
	s &= possible(cond, outcome, isErr, 0)
	return s, s != 0
}

// possible returns the kinds of error for which the condition can come out
// so.
func possible(cond ssa.Value, outcome bool, isErr func(ssa.Value) bool, depth int) ErrorState {
	switch cond := cond.(type) {
	case *ssa.UnOp:
		if cond.Op == token.NOT {
			return possible(cond.X, !outcome, isErr, depth)
		}
	case *ssa.BinOp:
		if cond.Op != token.EQL && cond.Op != token.NEQ {
			return Anything
		}
		equal := outcome == (cond.Op == token.EQL)
		x, y := cond.X, cond.Y
		if code, ok := y.(*ssa.Const); ok && isCodeOf(x, isErr) {
			return ofCode(code, equal)
		}
		if isErr(y) {
			x, y = y, x
		}
		switch {
		case !isErr(x):
			return Anything
		case IsNil(y):
			return ifElse(equal, MayBeNil, Failed)
		case isEOF(y):
			return ifElse(equal, MayBeEOF, MayBeNil|MayBeOther)
		default: // a sentinel of somebody else
			return ifElse(equal, MayBeOther, Anything)
		}
	case *ssa.Call:
		return ofPredicate(cond, outcome, isErr, depth)
	}
	return Anything
}

// ofPredicate: errors.Is(err, io.EOF), os.IsTimeout(err), a predicate of
// one's own. Such are true of errors only.
func ofPredicate(call *ssa.Call, outcome bool, isErr func(ssa.Value) bool, depth int) ErrorState {
	common := call.Common()
	if result, inside := wrapped(call, isErr); depth < maxWrapped && result != nil {
		if known := possible(result, outcome, inside, depth+1); known != Anything {
			return known
		}
	}
	if !slices.ContainsFunc(common.Args, isErr) {
		return Anything
	}
	if fn := common.StaticCallee(); fn != nil && len(common.Args) == 2 && fn.Name() == "Is" && isEOF(common.Args[1]) {
		return ifElse(outcome, MayBeEOF, MayBeNil|MayBeOther)
	}
	return ifElse(outcome, Failed, Anything)
}

// maxWrapped bounds how many functions stand around a question.
const maxWrapped = 4

// wrapped returns what a function returns that does nothing else, and what
// tells the error in it; nil for other functions.
func wrapped(call *ssa.Call, isErr func(ssa.Value) bool) (result ssa.Value, inside func(ssa.Value) bool) {
	fn := call.Call.StaticCallee()
	if fn == nil || len(fn.Blocks) != 1 || len(fn.Params) != len(call.Call.Args) {
		return nil, nil
	}
	ret, ok := Last(fn.Blocks[0]).(*ssa.Return)
	if !ok || len(ret.Results) != 1 {
		return nil, nil
	}
	return ret.Results[0], func(v ssa.Value) bool {
		if param, ok := v.(*ssa.Parameter); ok && param.Parent() == fn {
			v = call.Call.Args[slices.Index(fn.Params, param)]
		}
		return isErr(v)
	}
}

// isCodeOf: the value is the code of the error: what status.Code makes of it,
// or another function that returns a code.
func isCodeOf(v ssa.Value, isErr func(ssa.Value) bool) bool {
	named, ok := types.Unalias(v.Type()).(*types.Named)
	if !ok || named.Obj().Name() != "Code" || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "google.golang.org/grpc/codes" {
		return false
	}
	_, ok = v.(*ssa.Call)
	return ok && dependsOn(v, isErr, make(map[ssa.Value]bool), 200)
}

// ofCode: nil has the code OK, and nothing else has.
func ofCode(code *ssa.Const, equal bool) ErrorState {
	if code.Value == nil || code.Value.Kind() != constant.Int {
		return Anything
	}
	if constant.Sign(code.Value) == 0 {
		return ifElse(equal, MayBeNil, Failed)
	}
	return ifElse(equal, Failed, Anything)
}

func ifElse(cond bool, a, b ErrorState) ErrorState {
	if cond {
		return a
	}
	return b
}

// isEOF: the variable io.EOF.
func isEOF(v ssa.Value) bool {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.UnOp:
			global, ok := x.X.(*ssa.Global)
			return ok && x.Op == token.MUL && global.Name() == "EOF" && global.Pkg != nil && global.Pkg.Pkg.Path() == "io"
		default:
			return false
		}
	}
}

// IsNil reports whether v is the constant nil.
func IsNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// IsError reports whether t is the type error.
func IsError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// ErrorOf returns the error among a call's results; nil if it has none or
// nobody looks at it.
func ErrorOf(call *ssa.Call) ssa.Value {
	results := call.Call.Signature().Results()
	n := results.Len()
	if n == 0 || !IsError(results.At(n-1).Type()) {
		return nil
	}
	return Result(call, n-1)
}

// Result returns a result of a call; nil if nobody looks at it.
func Result(call *ssa.Call, index int) ssa.Value {
	if call.Call.Signature().Results().Len() == 1 {
		if len(Uses(call)) == 0 {
			return nil
		}
		return call
	}
	for _, user := range *call.Referrers() {
		if e, ok := user.(*ssa.Extract); ok && e.Index == index && len(Uses(e)) > 0 {
			return e
		}
	}
	return nil
}

// Uses returns what uses a value, debug information left out. It is not to be
// changed.
func Uses(v ssa.Value) []ssa.Instruction {
	referrers := v.Referrers()
	if referrers == nil {
		return nil
	}
	isDebug := func(instr ssa.Instruction) bool {
		_, debug := instr.(*ssa.DebugRef)
		return debug
	}
	if !slices.ContainsFunc(*referrers, isDebug) {
		return slices.Clip(*referrers)
	}
	return slices.DeleteFunc(slices.Clone(*referrers), isDebug)
}

// MayBe reports whether v is of, a choice that includes it, or a load of a
// variable that was last set to it as far as one can see.
func MayBe(v, of ssa.Value) bool { return of != nil && mayBe(v, of, new(visited)) }

// visited are the values that a search has come by.
type visited struct{ values map[ssa.Value]bool }

func (s *visited) again(v ssa.Value) bool {
	if s.values[v] {
		return true
	}
	if s.values == nil {
		s.values = make(map[ssa.Value]bool)
	}
	s.values[v] = true
	return false
}

func mayBe(v, of ssa.Value, seen *visited) bool {
	if v == of {
		return true
	}
	switch v.(type) {
	case *ssa.Phi, *ssa.ChangeInterface, *ssa.MakeInterface, *ssa.UnOp:
		if seen.again(v) {
			return false
		}
	}
	switch v := v.(type) {
	case *ssa.Phi:
		for _, edge := range v.Edges {
			if mayBe(edge, of, seen) {
				return true
			}
		}
	case *ssa.ChangeInterface:
		return mayBe(v.X, of, seen)
	case *ssa.MakeInterface:
		return mayBe(v.X, of, seen)
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return false
		}
		if last := LastStore(v); last != nil {
			return mayBe(last.Val, of, seen)
		}
		for _, user := range Uses(of) {
			if store, ok := user.(*ssa.Store); ok && store.Addr == v.X {
				return true
			}
		}
	}
	return false
}

// LastStore returns the store that a load surely sees: the nearest one above
// it on the only way that leads to it.
func LastStore(load *ssa.UnOp) *ssa.Store {
	block := load.Block()
	i := slices.Index(block.Instrs, ssa.Instruction(load))
	for range 32 {
		for j := i - 1; j >= 0; j-- {
			if store, ok := block.Instrs[j].(*ssa.Store); ok && store.Addr == load.X {
				return store
			}
		}
		if len(block.Preds) != 1 {
			return nil // several ways lead here
		}
		block = block.Preds[0]
		i = len(block.Instrs)
	}
	return nil
}

// DependsOn reports whether v is made of another value: by conversions,
// operators, and calls that it is an argument of, variadic ones included.
func DependsOn(v, on ssa.Value) bool {
	return on != nil && dependsOn(v, func(v ssa.Value) bool { return MayBe(v, on) }, make(map[ssa.Value]bool), 200)
}

// Sees reports whether what a call runs can see a value: in an argument, in a
// struct or a list that it passes, in a variable that a literal shares.
func Sees(call *ssa.Call, is func(ssa.Value) bool) bool {
	seen := make(map[ssa.Value]bool)
	return slices.ContainsFunc(call.Operands(nil), func(operand *ssa.Value) bool { return *operand != nil && dependsOn(*operand, is, seen, 30) })
}

// dependsOn looks at a bounded number of values, which it has seen then.
func dependsOn(v ssa.Value, on func(ssa.Value) bool, seen map[ssa.Value]bool, bound int) bool {
	if on(v) {
		return true
	}
	if seen[v] || len(seen) > bound {
		return false
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Alloc:
		// The array behind variadic arguments, or a literal.
		for store := range Stores(v) {
			if dependsOn(store.Val, on, seen, bound) {
				return true
			}
		}
		for store := range PartStores(v) {
			if dependsOn(store.Val, on, seen, bound) {
				return true
			}
		}
		return false
	case ssa.Instruction:
		for _, operand := range v.Operands(nil) {
			if *operand != nil && dependsOn(*operand, on, seen, bound) {
				return true
			}
		}
	}
	return false
}
