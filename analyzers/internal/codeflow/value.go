package codeflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/proven"
)

// A Kind says what a value has to do with the error of a walk.
type Kind uint8

const (
	// Unrelated: nothing, as far as can be seen.
	Unrelated Kind = iota
	// Related: it depends on the error or on the reply in a way that is
	// not understood.
	Related
	TheError  // the error, or one that wraps it
	TheStatus // its *status.Status
	TheCode   // its codes.Code
	IsStatusOK
	NoError // nil
	// OtherError is an error, not nil, that hides the one of the walk.
	OtherError
	// FinalError tells a library of retries to give up, MarkedError to
	// go on.
	FinalError
	MarkedError
)

// maxDepth bounds how deep expressions are looked into; each value is looked
// at once.
const maxDepth = 40

// KindOf classifies a value at one place on the way.
func (w *Walk) KindOf(v ssa.Value, s *State, depth int) Kind {
	v = w.Resolve(v, s)
	if w.isSubject(v) {
		return w.Kind
	}
	if depth > maxDepth {
		return Unrelated
	}
	if k, known := s.kinds[v]; known {
		return k
	}
	if s.kinds == nil {
		s.kinds = make(map[ssa.Value]Kind)
	}
	s.kinds[v] = Unrelated // while it is looked at
	k := w.classify(v, s, depth)
	s.kinds[v] = k
	return k
}

func (w *Walk) classify(v ssa.Value, s *State, depth int) Kind {
	switch v := v.(type) {
	case *ssa.Const:
		if v.IsNil() {
			return NoError
		}
		return Unrelated
	case *ssa.ChangeInterface:
		return w.KindOf(v.X, s, depth+1)
	case *ssa.ChangeType:
		return w.KindOf(v.X, s, depth+1)
	case *ssa.Convert:
		return w.KindOf(v.X, s, depth+1)
	case *ssa.MakeInterface:
		if IsError(v.Type()) {
			if k := w.KindOf(v.X, s, depth+1); k != Unrelated && k != Related {
				return k
			}
			return OtherError
		}
		return w.KindOf(v.X, s, depth+1)
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
func (w *Walk) kindOfResult(call *ssa.Call, index int, s *State, depth int) Kind {
	if call == w.Result {
		return Related // the reply
	}
	obj := program.CalledObject(call.Common())
	if obj == nil {
		if k := w.made(call, index, s, depth); k != Unrelated {
			return k
		}
		return w.relation(call, s, depth)
	}
	arg := func(i int) Kind {
		if v := program.SignatureArg(call, i); v != nil {
			return w.KindOf(v, s, depth+1)
		}
		return Unrelated
	}
	receiver := func() Kind {
		common := call.Common()
		if common.IsInvoke() {
			return w.KindOf(common.Value, s, depth+1)
		}
		if len(common.Args) > 0 {
			return w.KindOf(common.Args[0], s, depth+1)
		}
		return Unrelated
	}
	switch name := Qualified(obj); name {
	case "google.golang.org/grpc/status.Code", "google.golang.org/grpc.Code":
		return either(arg(0) == TheError, TheCode, w.relation(call, s, depth))
	case "google.golang.org/grpc/status.Convert":
		return either(arg(0) == TheError, TheStatus, w.relation(call, s, depth))
	case "google.golang.org/grpc/status.FromError":
		if arg(0) == TheError {
			return [...]Kind{TheStatus, IsStatusOK}[min(index, 1)]
		}
	case "google.golang.org/grpc/internal/status.Status.Code":
		return either(receiver() == TheStatus, TheCode, w.relation(call, s, depth))
	case "google.golang.org/grpc/internal/status.Status.Err":
		return either(receiver() == TheStatus, TheError, w.relation(call, s, depth))
	case "errors.New", "google.golang.org/grpc/status.Error", "google.golang.org/grpc/status.Errorf":
		return OtherError
	case "fmt.Errorf":
		if k := w.formatted(call, s, depth); k != Unrelated {
			return k
		}
	case "errors.Unwrap", "github.com/pkg/errors.Cause", "github.com/pkg/errors.Wrap", "github.com/pkg/errors.Wrapf",
		"github.com/pkg/errors.WithMessage", "github.com/pkg/errors.WithMessagef", "github.com/pkg/errors.WithStack":
		if arg(0) == TheError {
			return TheError
		}
	case "errors.Join":
		for _, v := range w.Elements(program.SignatureArg(call, 0)) {
			if w.KindOf(v, s, depth+1) == TheError {
				return TheError
			}
		}
	}
	switch markOf(obj) {
	case final:
		return FinalError
	case again:
		return MarkedError
	}
	if k := w.made(call, index, s, depth); k != Unrelated {
		return k
	}
	return w.relation(call, s, depth)
}

func either(ok bool, yes, no Kind) Kind {
	if ok {
		return yes
	}
	return no
}

// formatted: fmt.Errorf keeps the code of what it wraps with %w; with other
// verbs it is a new error.
func (w *Walk) formatted(call *ssa.Call, s *State, depth int) Kind {
	format, ok := call.Call.Args[0].(*ssa.Const)
	if !ok || format.Value == nil || format.Value.Kind() != constant.String {
		return OtherError
	}
	if strings.Contains(constant.StringVal(format.Value), "%w") {
		for _, v := range w.Elements(call.Call.Args[1]) {
			if k := w.KindOf(v, s, depth+1); k == TheError || k == FinalError {
				return k
			}
		}
	}
	return OtherError
}

// Alone: an error that wraps the one of the walk wraps no other.
func (w *Walk) Alone(v ssa.Value, s *State) bool {
	call, ok := w.Resolve(v, s).(*ssa.Call)
	if !ok || len(call.Call.Args) == 0 {
		return true
	}
	errors := 0
	for _, wrapped := range w.Elements(call.Call.Args[len(call.Call.Args)-1]) {
		if IsError(w.Root(wrapped).Type()) {
			errors++
		}
	}
	return errors < 2
}

// relation reports whether v depends on the error or on the reply.
func (w *Walk) relation(v ssa.Value, s *State, depth int) Kind {
	if depth > maxDepth {
		return Unrelated
	}
	if v == w.Result {
		return Related
	}
	switch v := v.(type) {
	case *ssa.Phi, *ssa.Parameter, *ssa.FreeVar, *ssa.Global, *ssa.Function, *ssa.Const, *ssa.Builtin:
		return Unrelated // what a phi is on this way is bound, if it matters
	case *ssa.Alloc:
		// A variable that others write to: errors.As(err, &target); one with
		// fields or elements, in one of which the error is.
		for _, user := range *v.Referrers() {
			call, ok := user.(*ssa.Call)
			if !ok {
				continue
			}
			for _, arg := range call.Call.Args {
				if arg != v && w.Resolve(arg, s) == w.Err {
					return Related
				}
			}
		}
		for store := range control.PartStores(v) {
			if w.tells(store.Val, s, depth) {
				return Related
			}
		}
		return Unrelated
	case *ssa.MakeMap:
		for _, user := range *v.Referrers() {
			if update, ok := user.(*ssa.MapUpdate); ok && w.tells(update.Value, s, depth) {
				return Related
			}
		}
	case ssa.Instruction:
		var buffer [8]*ssa.Value
		for _, operand := range v.Operands(buffer[:0]) {
			if *operand == nil {
				continue
			}
			if w.tells(*operand, s, depth) {
				return Related
			}
		}
	}
	return Unrelated
}

// tells: a value depends on the error or on the reply.
func (w *Walk) tells(v ssa.Value, s *State, depth int) bool {
	switch w.KindOf(v, s, depth+1) {
	case Unrelated, NoError, OtherError:
		return false
	}
	return true
}

// A Judgement divides codes by a condition.
type Judgement struct {
	Yes, No  Codes // may be true, may be false for these; unknown conditions for all
	Doubtful Codes // for which that depends on the error in a way that is not understood
	Named    bool  // the condition speaks of codes by name
}

func (j Judgement) not() Judgement { return Judgement{j.No, j.Yes, j.Doubtful, j.Named} }

// Conditions that say nothing about codes, or nothing that is understood.
var (
	either17 = Judgement{Yes: AllCodes, No: AllCodes}
	unclear  = Judgement{Yes: AllCodes, No: AllCodes, Doubtful: AllCodes}
)

func holdsFor(codes Codes) Judgement { return Judgement{Yes: codes, No: AllCodes &^ codes} }

// Judge divides the codes at one place on the way by a condition.
func (w *Walk) Judge(cond ssa.Value, s *State) Judgement {
	return w.judgeAt(cond, s, 0)
}

func (w *Walk) judgeAt(cond ssa.Value, s *State, depth int) Judgement {
	cond = w.Resolve(cond, s)
	if depth > maxDepth {
		return either17
	}
	switch v := cond.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.Bool {
			if constant.BoolVal(v.Value) {
				return Judgement{Yes: AllCodes}
			}
			return Judgement{No: AllCodes}
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
		if w.KindOf(v.Index, s, 0) == TheCode {
			if set, ok := w.MapOfCodes(v.X, v.CommaOk); ok {
				return Judgement{Yes: set, No: AllCodes &^ set, Named: true}
			}
		}
	case *ssa.Extract:
		if lookup, ok := v.Tuple.(*ssa.Lookup); ok && w.KindOf(lookup.Index, s, 0) == TheCode {
			if set, ok := w.MapOfCodes(lookup.X, v.Index == 1); ok {
				return Judgement{Yes: set, No: AllCodes &^ set, Named: true}
			}
		}
		if assert, ok := v.Tuple.(*ssa.TypeAssert); ok && v.Index == 1 && w.AsksFor(assert.X, assert.AssertedType, s) {
			return Judgement{No: AllCodes}
		}
		if w.KindOf(v, s, 0) == IsStatusOK {
			return Judgement{Yes: AllCodes} // the error of an RPC, or nil, is a status
		}
	case *ssa.Call:
		if j, ok := w.predicate(v, s); ok {
			return j
		}
	}
	if w.KindOf(cond, s, 0) == Unrelated {
		return either17
	}
	return unclear
}

// comparison judges err == nil, code == codes.X and the like.
func (w *Walk) comparison(op *ssa.BinOp, s *State) (Judgement, bool) {
	x, y := op.X, op.Y
	if w.supposed(x) || w.supposed(y) {
		j := Judgement{No: AllCodes} // it is handed over, so it is not nil
		if op.Op == token.NEQ {
			j = j.not()
		}
		return j, true
	}
	kx, ky := w.KindOf(x, s, 0), w.KindOf(y, s, 0)
	if kx == NoError || kx == Unrelated && ky != Unrelated {
		x, y, kx, ky = y, x, ky, kx
	}
	if ky == NoError {
		var equal Judgement
		switch kx {
		case TheError:
			equal = holdsFor(OK)
		case OtherError, FinalError, MarkedError:
			equal = Judgement{No: AllCodes}
		case NoError:
			equal = Judgement{Yes: AllCodes}
		default:
			return Judgement{}, false
		}
		switch op.Op {
		case token.EQL:
			return equal, true
		case token.NEQ:
			return equal.not(), true
		}
		return Judgement{}, false
	}
	if kx != TheCode {
		return Judgement{}, false
	}
	c, ok := w.Resolve(y, s).(*ssa.Const)
	if !ok || !proven.IsComparison(op.Op) || c.Value == nil || c.Value.Kind() != constant.Int {
		return Judgement{}, false
	}
	var holds Codes
	for i := range int64(NumCodes) {
		a, b := constant.MakeInt64(i), c.Value
		if x != op.X {
			a, b = b, a
		}
		if constant.Compare(a, op.Op, b) {
			holds |= CodeOf(i)
		}
	}
	return Judgement{Yes: holds, No: AllCodes &^ holds, Named: true}, true
}

// predicate judges a call that returns a bool.
func (w *Walk) predicate(call *ssa.Call, s *State) (Judgement, bool) {
	obj := program.CalledObject(&call.Call)
	if obj == nil {
		if !call.Call.IsInvoke() && w.supposed(call.Call.Value) {
			return w.Sup.says(), true
		}
		return w.asked(call, s)
	}
	switch Qualified(obj) {
	case "errors.Is":
		if w.KindOf(program.SignatureArg(call, 0), s, 0) != TheError {
			return Judgement{}, false
		}
		return w.errorsIs(program.SignatureArg(call, 1)), true
	case "errors.As":
		if target, ok := w.Root(call.Call.Args[1]).Type().Underlying().(*types.Pointer); ok && w.AsksFor(call.Call.Args[0], target.Elem(), s) {
			return Judgement{No: AllCodes}, true
		}
		return Judgement{}, false
	case "slices.Contains":
		if w.supposed(call.Call.Args[0]) {
			return w.Sup.says(), true
		}
		if w.KindOf(program.SignatureArg(call, 1), s, 0) == TheCode {
			if set, ok := w.ListOfCodes(call.Call.Args[0]); ok {
				return Judgement{Yes: set, No: AllCodes &^ set, Named: true}, true
			}
		}
		return Judgement{}, false
	}
	return w.asked(call, s)
}

// errorsIs: the error of an RPC is no context error, but who asks does not
// want to go on with these codes; whether interceptors translate is not
// known.
func (w *Walk) errorsIs(target ssa.Value) Judgement {
	if load, ok := target.(*ssa.UnOp); ok && load.Op == token.MUL {
		if global, ok := load.X.(*ssa.Global); ok && global.Pkg != nil {
			switch global.Pkg.Pkg.Path() + "." + global.Name() {
			case "context.Canceled":
				return Judgement{Yes: Canceled, No: AllCodes, Doubtful: Canceled}
			case "context.DeadlineExceeded":
				return Judgement{Yes: DeadlineExceeded, No: AllCodes, Doubtful: DeadlineExceeded}
			case "io.EOF":
				return Judgement{No: AllCodes} // unary RPCs have none
			}
			if w.Sup != nil {
				w.Sup.Typed = true
				return Judgement{No: AllCodes}
			}
		}
	}
	return unclear
}

// AsksFor: a helper looks whether the error is of a type that no error of
// gRPC's has.
func (w *Walk) AsksFor(err ssa.Value, t types.Type, s *State) bool {
	if w.Sup == nil || !foreign(t) || w.KindOf(err, s, 0) != TheError {
		return false
	}
	w.Sup.Typed = true
	return true
}
