package retryshape

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A Predicate says what a function that takes an error, a status or a code
// and returns a bool answers for each code.
type Predicate struct {
	Key             string
	Param           int // as the signature counts
	Yes, No         Codes
	Doubtful, Named Codes
}

func (p *Predicate) judgement() judgement {
	return judgement{yes: p.Yes, no: p.No, doubtful: p.Doubtful, named: p.Named&p.Yes == p.Yes}
}

// carriesCode: values of this type tell the code.
func carriesCode(t types.Type) (kind, bool) {
	switch {
	case isError(t):
		return theError, true
	case isCode(t):
		return theCode, true
	case isStatus(t):
		return theStatus, true
	}
	return unrelated, false
}

func isPredicate(sig *types.Signature) bool {
	if sig.Results().Len() != 1 {
		return false
	}
	basic, ok := sig.Results().At(0).Type().Underlying().(*types.Basic)
	return ok && basic.Kind() == types.Bool
}

// declaredPredicate judges the call of a function of this package, or of
// another by its fact.
func (w *walk) declaredPredicate(call *ssa.Call, obj *types.Func, s *state) (judgement, bool) {
	if !isPredicate(obj.Signature()) || call.Call.IsInvoke() {
		return judgement{}, false
	}
	for i := range obj.Signature().Params().Len() {
		k := w.kindOf(program.SignatureArg(call, i), s, 0)
		if k != theError && k != theStatus && k != theCode {
			continue
		}
		if obj.Pkg() != w.pass.Pkg {
			if fact := w.facts[pathOf(obj)]; fact != nil {
				if p := fact.predicate(funckey.Of(obj), i); p != nil {
					return p.judgement(), true
				}
			}
			return judgement{}, false
		}
		return w.predicateOf(w.declared(obj), i, k)
	}
	return judgement{}, false
}

func pathOf(obj *types.Func) string {
	if obj.Pkg() == nil {
		return ""
	}
	return obj.Pkg().Path()
}

// literalPredicate judges the call of a function literal that a variable
// holds.
func (w *walk) literalPredicate(call *ssa.Call, s *state) (judgement, bool) {
	if call.Call.IsInvoke() {
		return judgement{}, false
	}
	fn := w.function(call.Call.Value)
	if fn == nil || !isPredicate(fn.Signature) {
		return judgement{}, false
	}
	for i, arg := range call.Call.Args {
		if k := w.kindOf(arg, s, 0); k == theError || k == theStatus || k == theCode {
			return w.predicateOf(fn, i, k)
		}
	}
	return judgement{}, false
}

type predicateKey struct {
	fn    *ssa.Function
	param int
}

// predicateOf evaluates a function of this package for all codes.
func (sh *shapes) predicateOf(fn *ssa.Function, param int, k kind) (judgement, bool) {
	if fn == nil || len(fn.Blocks) == 0 {
		return judgement{}, false
	}
	if fn.Signature.Recv() != nil {
		param++
	}
	if param >= len(fn.Params) {
		return judgement{}, false
	}
	key := predicateKey{fn, param}
	p, known := sh.predicates[key]
	if !known {
		sh.predicates[key] = nil // recursion: not understood
		p = sh.evaluate(fn, fn.Params[param], k)
		sh.predicates[key] = p
	}
	if p == nil {
		return judgement{}, false
	}
	return p.judgement(), true
}

func (sh *shapes) evaluate(fn *ssa.Function, param *ssa.Parameter, k kind) *Predicate {
	p := new(Predicate)
	w := &walk{shapes: sh, subject: subject{err: param, kind: k, codes: AllCodes}}
	w.onReturn = func(s *state, ret *ssa.Return) {
		j := w.judge(ret.Results[0], s)
		yes, no := j.yes&s.codes, j.no&s.codes
		p.Yes |= yes
		p.No |= no
		doubtful := (s.doubtful | j.doubtful) & s.codes
		if j.named && yes.Len() <= maxNamed {
			doubtful &^= yes &^ j.doubtful
		}
		p.Doubtful |= doubtful
		// What is let through by way of exclusion is not named.
		if s.codes.Len() <= maxNamed || j.named && yes.Len() <= maxNamed {
			p.Named |= yes
		}
	}
	w.entry(fn)
	if w.lost {
		return nil
	}
	return p
}

// mapped sees through functions of this package that take the error and
// return one: whether it is the same.
func (w *walk) mapped(call *ssa.Call, index int, s *state, depth int) kind {
	fn := call.Call.StaticCallee()
	if fn == nil || fn.Pkg == nil || fn.Pkg.Pkg != w.pass.Pkg || len(fn.Blocks) == 0 || depth > maxDepth/2 {
		return unrelated
	}
	results := fn.Signature.Results()
	if index >= results.Len() || !isError(results.At(index).Type()) {
		return unrelated
	}
	for i, arg := range call.Call.Args {
		if i >= len(fn.Params) || !isError(fn.Params[i].Type()) || w.kindOf(arg, s, depth+1) != theError {
			continue
		}
		switch k := w.mapping(fn, i, index); k {
		case theError, otherError, finalError, markedError:
			return k
		}
		return related
	}
	return unrelated
}

type mappingKey struct {
	fn            *ssa.Function
	param, result int
}

// mapping says what a function makes of an error.
func (sh *shapes) mapping(fn *ssa.Function, param, result int) kind {
	key := mappingKey{fn, param, result}
	if k, known := sh.mappings[key]; known {
		return k
	}
	sh.mappings[key] = related
	var joined kind
	w := &walk{shapes: sh, subject: subject{err: fn.Params[param], kind: theError, codes: Failures}}
	w.onReturn = func(s *state, ret *ssa.Return) {
		k := w.kindOf(ret.Results[result], s, 0)
		if joined == unrelated {
			joined = k
		}
		if k != joined || k == unrelated {
			joined = related
		}
	}
	w.entry(fn)
	if w.lost {
		joined = related
	}
	sh.mappings[key] = joined
	return joined
}

// declared returns the SSA function of a function declared in this package.
func (sh *shapes) declared(obj *types.Func) *ssa.Function {
	obj = obj.Origin()
	if obj.Pkg() != sh.pass.Pkg {
		return nil
	}
	fn := sh.ssa.Pkg.Prog.FuncValue(obj)
	if fn == nil || fn.Blocks == nil {
		return nil
	}
	return fn
}

// function resolves a func value to a function with a body in this package:
// a literal, a declared function, a method value, or the one that a variable
// holds.
func (sh *shapes) function(v ssa.Value) *ssa.Function {
	for range 10 {
		switch x := v.(type) {
		case *ssa.ChangeType:
			v = x.X
			continue
		case *ssa.MakeInterface:
			v = x.X
			continue
		case *ssa.UnOp:
			origin := sh.origin(x)
			if origin == v {
				return nil
			}
			v = origin
			continue
		case *ssa.MakeClosure:
			v = x.Fn
			continue
		case *ssa.Function:
			fn := x
			if origin := fn.Origin(); origin != nil {
				fn = origin
			}
			if obj, ok := fn.Object().(*types.Func); ok && fn.Synthetic != "" {
				return sh.declared(obj) // bound: the receiver is captured
			}
			if fn.Blocks == nil || fn.Pkg == nil || fn.Pkg.Pkg != sh.pass.Pkg {
				return nil
			}
			return fn
		}
		return nil
	}
	return nil
}

// functions resolves a func value to all functions that it can be seen to
// be: those that the package puts into an unexported field included.
func (sh *shapes) functions(v ssa.Value) []*ssa.Function {
	var found []*ssa.Function
	seen := make(map[ssa.Value]bool)
	var visit func(ssa.Value)
	visit = func(v ssa.Value) {
		if seen[v] || len(seen) > 50 {
			return
		}
		seen[v] = true
		switch x := v.(type) {
		case *ssa.ChangeType:
			visit(x.X)
			return
		case *ssa.Call: // a function that returns a literal
			fn := x.Call.StaticCallee()
			if fn == nil || fn.Pkg == nil || fn.Pkg.Pkg != sh.pass.Pkg {
				return
			}
			for _, block := range fn.Blocks {
				if ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return); ok && len(ret.Results) == 1 {
					visit(ret.Results[0])
				}
			}
			return
		case *ssa.UnOp:
			if addr, ok := x.X.(*ssa.FieldAddr); ok && x.Op == token.MUL {
				field := fieldOf(addr.X.Type(), addr.Field)
				if !field.Exported() && field.Pkg() == sh.pass.Pkg {
					for _, stored := range sh.functionFields()[field] {
						visit(stored)
					}
				}
				return
			}
		}
		if fn := sh.function(v); fn != nil {
			found = append(found, fn)
		}
	}
	visit(v)
	return found
}

// functionFields collects what is stored to fields of func types.
func (sh *shapes) functionFields() map[*types.Var][]ssa.Value {
	if sh.fieldFuncs != nil {
		return sh.fieldFuncs
	}
	sh.fieldFuncs = make(map[*types.Var][]ssa.Value)
	for _, fn := range sh.ssa.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				store, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				addr, ok := store.Addr.(*ssa.FieldAddr)
				if !ok {
					continue
				}
				if _, ok := store.Val.Type().Underlying().(*types.Signature); ok {
					field := fieldOf(addr.X.Type(), addr.Field)
					sh.fieldFuncs[field] = append(sh.fieldFuncs[field], store.Val)
				}
			}
		}
	}
	return sh.fieldFuncs
}
