package retryshape

import (
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/proven"
)

// A kind says what a value has to do with the error of a walk.
type kind uint8

const (
	// unrelated: nothing, as far as can be seen.
	unrelated kind = iota
	// related: it depends on the error or on the reply in a way that is
	// not understood.
	related
	theError  // the error, or one that wraps it
	theStatus // its *status.Status
	theCode   // its codes.Code
	isStatusOK
	noError // nil
	// otherError is an error, not nil, that hides the one of the walk.
	otherError
	// finalError tells a library of retries to give up, markedError to
	// go on.
	finalError
	markedError
)

// maxDepth bounds how deep expressions are looked into; each value is looked
// at once.
const maxDepth = 40

// kindOf classifies a value at one place on the way.
func (w *walk) kindOf(v ssa.Value, s *state, depth int) kind {
	v = w.resolve(v, s)
	if v == w.err {
		return w.kind
	}
	if depth > maxDepth {
		return unrelated
	}
	if k, known := s.kinds[v]; known {
		return k
	}
	if s.kinds == nil {
		s.kinds = make(map[ssa.Value]kind)
	}
	s.kinds[v] = unrelated // while it is looked at
	k := w.classify(v, s, depth)
	s.kinds[v] = k
	return k
}

func (w *walk) classify(v ssa.Value, s *state, depth int) kind {
	switch v := v.(type) {
	case *ssa.Const:
		if v.IsNil() {
			return noError
		}
		return unrelated
	case *ssa.ChangeInterface:
		return w.kindOf(v.X, s, depth+1)
	case *ssa.ChangeType:
		return w.kindOf(v.X, s, depth+1)
	case *ssa.Convert:
		return w.kindOf(v.X, s, depth+1)
	case *ssa.MakeInterface:
		if isError(v.Type()) {
			if k := w.kindOf(v.X, s, depth+1); k != unrelated && k != related {
				return k
			}
			return otherError
		}
		return w.kindOf(v.X, s, depth+1)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return w.kindOfResult(call, v.Index, s, depth)
		}
		return w.relation(v, s, depth)
	case *ssa.Call:
		return w.kindOfResult(v, 0, s, depth)
	}
	return w.relation(v, s, depth)
}

// kindOfResult classifies a result of a call.
func (w *walk) kindOfResult(call *ssa.Call, index int, s *state, depth int) kind {
	if call == w.result {
		return related // the reply
	}
	obj := program.CalledObject(call.Common())
	if obj == nil {
		return w.relation(call, s, depth)
	}
	arg := func(i int) kind {
		if v := program.SignatureArg(call, i); v != nil {
			return w.kindOf(v, s, depth+1)
		}
		return unrelated
	}
	receiver := func() kind {
		common := call.Common()
		if common.IsInvoke() {
			return w.kindOf(common.Value, s, depth+1)
		}
		if len(common.Args) > 0 {
			return w.kindOf(common.Args[0], s, depth+1)
		}
		return unrelated
	}
	switch name := qualified(obj); name {
	case "google.golang.org/grpc/status.Code", "google.golang.org/grpc.Code":
		return either(arg(0) == theError, theCode, w.relation(call, s, depth))
	case "google.golang.org/grpc/status.Convert":
		return either(arg(0) == theError, theStatus, w.relation(call, s, depth))
	case "google.golang.org/grpc/status.FromError":
		if arg(0) == theError {
			return [...]kind{theStatus, isStatusOK}[min(index, 1)]
		}
	case "google.golang.org/grpc/internal/status.Status.Code":
		return either(receiver() == theStatus, theCode, w.relation(call, s, depth))
	case "google.golang.org/grpc/internal/status.Status.Err":
		return either(receiver() == theStatus, theError, w.relation(call, s, depth))
	case "errors.New", "google.golang.org/grpc/status.Error", "google.golang.org/grpc/status.Errorf":
		return otherError
	case "fmt.Errorf":
		if k := w.formatted(call, s, depth); k != unrelated {
			return k
		}
	case "errors.Unwrap", "github.com/pkg/errors.Cause", "github.com/pkg/errors.Wrap", "github.com/pkg/errors.Wrapf",
		"github.com/pkg/errors.WithMessage", "github.com/pkg/errors.WithMessagef", "github.com/pkg/errors.WithStack":
		if arg(0) == theError {
			return theError
		}
	case "errors.Join":
		for _, v := range w.elements(program.SignatureArg(call, 0)) {
			if w.kindOf(v, s, depth+1) == theError {
				return theError
			}
		}
	}
	switch markOf(obj) {
	case final:
		return finalError
	case again:
		return markedError
	}
	if k := w.mapped(call, index, s, depth); k != unrelated {
		return k
	}
	return w.relation(call, s, depth)
}

func either(ok bool, yes, no kind) kind {
	if ok {
		return yes
	}
	return no
}

// formatted: fmt.Errorf keeps the code of what it wraps with %w; with other
// verbs it is a new error.
func (w *walk) formatted(call *ssa.Call, s *state, depth int) kind {
	format, ok := call.Call.Args[0].(*ssa.Const)
	if !ok || format.Value == nil || format.Value.Kind() != constant.String {
		return otherError
	}
	if strings.Contains(constant.StringVal(format.Value), "%w") {
		for _, v := range w.elements(call.Call.Args[1]) {
			if k := w.kindOf(v, s, depth+1); k == theError || k == finalError {
				return k
			}
		}
	}
	return otherError
}

// alone: an error that wraps the one of the walk wraps no other.
func (w *walk) alone(v ssa.Value, s *state) bool {
	call, ok := w.resolve(v, s).(*ssa.Call)
	if !ok || len(call.Call.Args) == 0 {
		return true
	}
	errors := 0
	for _, wrapped := range w.elements(call.Call.Args[len(call.Call.Args)-1]) {
		if isError(w.root(wrapped).Type()) {
			errors++
		}
	}
	return errors < 2
}

// relation reports whether v depends on the error or on the reply.
func (w *walk) relation(v ssa.Value, s *state, depth int) kind {
	if depth > maxDepth {
		return unrelated
	}
	if v == w.result {
		return related
	}
	switch v := v.(type) {
	case *ssa.Phi, *ssa.Parameter, *ssa.FreeVar, *ssa.Global, *ssa.Function, *ssa.Const, *ssa.Builtin:
		return unrelated // what a phi is on this way is bound, if it matters
	case *ssa.Alloc:
		// A variable that others write to: errors.As(err, &target).
		for _, user := range *v.Referrers() {
			if call, ok := user.(*ssa.Call); ok && call.Block() != nil {
				for _, arg := range call.Call.Args {
					if arg != v && w.resolve(arg, s) == w.err {
						return related
					}
				}
			}
		}
		return unrelated
	case ssa.Instruction:
		var buffer [8]*ssa.Value
		for _, operand := range v.Operands(buffer[:0]) {
			if *operand == nil {
				continue
			}
			switch w.kindOf(*operand, s, depth+1) {
			case unrelated, noError, otherError:
			default:
				return related
			}
		}
	}
	return unrelated
}

// A judgement divides codes by a condition.
type judgement struct {
	yes, no  Codes // may be true, may be false for these; unknown conditions for all
	doubtful Codes // for which that depends on the error in a way that is not understood
	named    bool  // the condition speaks of codes by name
}

func (j judgement) not() judgement { return judgement{j.no, j.yes, j.doubtful, j.named} }

// Conditions that say nothing about codes, or nothing that is understood.
var (
	either17 = judgement{yes: AllCodes, no: AllCodes}
	unclear  = judgement{yes: AllCodes, no: AllCodes, doubtful: AllCodes}
)

func holdsFor(codes Codes) judgement { return judgement{yes: codes, no: AllCodes &^ codes} }

func (w *walk) judge(cond ssa.Value, s *state) judgement {
	return w.judgeAt(cond, s, 0)
}

func (w *walk) judgeAt(cond ssa.Value, s *state, depth int) judgement {
	cond = w.resolve(cond, s)
	if depth > maxDepth {
		return either17
	}
	switch v := cond.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.Bool {
			if constant.BoolVal(v.Value) {
				return judgement{yes: AllCodes}
			}
			return judgement{no: AllCodes}
		}
	case *ssa.UnOp:
		if v.Op == token.NOT {
			return w.judgeAt(v.X, s, depth+1).not()
		}
	case *ssa.BinOp:
		if j, ok := w.comparison(v, s); ok {
			return j
		}
	case *ssa.Lookup:
		if w.kindOf(v.Index, s, 0) == theCode {
			if set, ok := w.mapOfCodes(v.X, v.CommaOk); ok {
				return judgement{yes: set, no: AllCodes &^ set, named: true}
			}
		}
	case *ssa.Extract:
		if lookup, ok := v.Tuple.(*ssa.Lookup); ok && w.kindOf(lookup.Index, s, 0) == theCode {
			if set, ok := w.mapOfCodes(lookup.X, v.Index == 1); ok {
				return judgement{yes: set, no: AllCodes &^ set, named: true}
			}
		}
		if assert, ok := v.Tuple.(*ssa.TypeAssert); ok && v.Index == 1 && w.asksFor(assert.X, assert.AssertedType, s) {
			return judgement{no: AllCodes}
		}
		if w.kindOf(v, s, 0) == isStatusOK {
			return judgement{yes: AllCodes} // the error of an RPC, or nil, is a status
		}
	case *ssa.Call:
		if j, ok := w.predicate(v, s); ok {
			return j
		}
	}
	if w.kindOf(cond, s, 0) == unrelated {
		return either17
	}
	return unclear
}

// comparison judges err == nil, code == codes.X and the like.
func (w *walk) comparison(op *ssa.BinOp, s *state) (judgement, bool) {
	x, y := op.X, op.Y
	if w.sup.is(w.shapes, x) || w.sup.is(w.shapes, y) {
		j := judgement{no: AllCodes} // it is handed over, so it is not nil
		if op.Op == token.NEQ {
			j = j.not()
		}
		return j, true
	}
	kx, ky := w.kindOf(x, s, 0), w.kindOf(y, s, 0)
	if kx == noError || kx == unrelated && ky != unrelated {
		x, y, kx, ky = y, x, ky, kx
	}
	if ky == noError {
		var equal judgement
		switch kx {
		case theError:
			equal = holdsFor(OK)
		case otherError, finalError, markedError:
			equal = judgement{no: AllCodes}
		case noError:
			equal = judgement{yes: AllCodes}
		default:
			return judgement{}, false
		}
		switch op.Op {
		case token.EQL:
			return equal, true
		case token.NEQ:
			return equal.not(), true
		}
		return judgement{}, false
	}
	if kx != theCode {
		return judgement{}, false
	}
	c, ok := w.resolve(y, s).(*ssa.Const)
	if !ok || !proven.IsComparison(op.Op) || c.Value == nil || c.Value.Kind() != constant.Int {
		return judgement{}, false
	}
	var holds Codes
	for i := range int64(numCodes) {
		a, b := constant.MakeInt64(i), c.Value
		if x != op.X {
			a, b = b, a
		}
		if constant.Compare(a, op.Op, b) {
			holds |= codeOf(i)
		}
	}
	return judgement{yes: holds, no: AllCodes &^ holds, named: true}, true
}

// predicate judges a call that returns a bool.
func (w *walk) predicate(call *ssa.Call, s *state) (judgement, bool) {
	obj := program.CalledObject(&call.Call)
	if obj == nil {
		if !call.Call.IsInvoke() && w.sup.is(w.shapes, call.Call.Value) {
			return w.sup.says(), true
		}
		return w.asked(call, s)
	}
	switch qualified(obj) {
	case "errors.Is":
		if w.kindOf(program.SignatureArg(call, 0), s, 0) != theError {
			return judgement{}, false
		}
		return w.errorsIs(program.SignatureArg(call, 1)), true
	case "errors.As":
		if target, ok := w.root(call.Call.Args[1]).Type().Underlying().(*types.Pointer); ok && w.asksFor(call.Call.Args[0], target.Elem(), s) {
			return judgement{no: AllCodes}, true
		}
		return judgement{}, false
	case "slices.Contains":
		if w.sup.is(w.shapes, call.Call.Args[0]) {
			return w.sup.says(), true
		}
		if w.kindOf(program.SignatureArg(call, 1), s, 0) == theCode {
			if set, ok := w.listOfCodes(call.Call.Args[0]); ok {
				return judgement{yes: set, no: AllCodes &^ set, named: true}, true
			}
		}
		return judgement{}, false
	}
	return w.asked(call, s)
}

// errorsIs: the error of an RPC is no context error, but who asks does not
// want to go on with these codes; whether interceptors translate is not
// known.
func (w *walk) errorsIs(target ssa.Value) judgement {
	if load, ok := target.(*ssa.UnOp); ok && load.Op == token.MUL {
		if global, ok := load.X.(*ssa.Global); ok && global.Pkg != nil {
			switch global.Pkg.Pkg.Path() + "." + global.Name() {
			case "context.Canceled":
				return judgement{yes: Canceled, no: AllCodes, doubtful: Canceled}
			case "context.DeadlineExceeded":
				return judgement{yes: DeadlineExceeded, no: AllCodes, doubtful: DeadlineExceeded}
			case "io.EOF":
				return judgement{no: AllCodes} // unary RPCs have none
			}
			if w.sup != nil {
				w.sup.typed = true
				return judgement{no: AllCodes}
			}
		}
	}
	return unclear
}

// asksFor: a helper looks whether the error is of a type that no error of
// gRPC's has.
func (w *walk) asksFor(err ssa.Value, t types.Type, s *state) bool {
	if w.sup == nil || !foreign(t) || w.kindOf(err, s, 0) != theError {
		return false
	}
	w.sup.typed = true
	return true
}

// qualified names a function for comparison with known ones: "path.Func" or
// "path.Type.Method".
func qualified(obj *types.Func) string {
	if obj.Pkg() == nil {
		return obj.Name()
	}
	name := obj.Pkg().Path() + "."
	if recv := obj.Signature().Recv(); recv != nil {
		t := types.Unalias(recv.Type())
		if p, ok := t.(*types.Pointer); ok {
			t = types.Unalias(p.Elem())
		}
		if named, ok := t.(*types.Named); ok {
			name += named.Obj().Name() + "."
		}
	}
	return name + obj.Name()
}
