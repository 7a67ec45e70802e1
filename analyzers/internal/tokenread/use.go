package tokenread

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// use returns what a function does with the request that is its parameter,
// nil if that is not known.
func (t *tracker) use(fn *ssa.Function, param int) *Use {
	k := useKey{fn, param}
	if known, ok := t.uses[k]; ok {
		return known
	}
	t.uses[k] = nil // recursion
	if len(fn.Blocks) == 0 {
		return nil
	}
	u := &Use{Acts: t.acts(fn)}
	known, field := true, tokenOf(fn.Params[param].Type())
	trail := t.ssa.Follow(fn.Params[param], func(v ssa.Value, by ssa.Instruction) bool {
		known = t.used(u, field, v, by)
		return known
	})
	if !known || trail.Kept {
		return nil // who knows who looks at it, and when
	}
	for v := range trail.Values { // in literals
		u.Acts = u.Acts || program.Outermost(v.Parent()) == fn && t.acts(v.Parent())
	}
	t.uses[k] = u
	return u
}

// used adds what is done with a request; false if that is not known: it is
// copied, returned to others, sent.
func (t *tracker) used(u *Use, field *tokenField, v ssa.Value, by ssa.Instruction) bool {
	switch by := by.(type) {
	case *ssa.BinOp: // a comparison with nil
		return true
	case *ssa.FieldAddr:
		u.note(field, strings.TrimPrefix(program.FieldOf(by.X.Type(), by.Field).Name(), "xxx_hidden_"))
		return true
	case ssa.CallInstruction:
		obj := program.CalledObject(by.Common())
		return obj != nil && !by.Common().IsInvoke() && t.called(u, field, v, by.Common(), obj)
	}
	return false
}

// note adds that a field is read.
func (u *Use) note(field *tokenField, name string) {
	u.Token, u.Other = u.Token || name == field.name, u.Other || name != field.name
}

// called: a getter, a validator of the message's own, a log, a function of
// another package that has told.
func (t *tracker) called(u *Use, field *tokenField, v ssa.Value, call *ssa.CallCommon, obj *types.Func) bool {
	if recv := obj.Signature().Recv(); recv != nil && len(call.Args) > 0 && call.Args[0] == v && types.Identical(recv.Type(), v.Type()) {
		name, getter := strings.CutPrefix(obj.Name(), "Get")
		if getter {
			u.note(field, name)
		}
		return getter || slices.Contains([]string{"Validate", "ValidateAll", "String", "Descriptor"}, name) // not ProtoReflect, Marshal
	}
	if logs(call) {
		return true
	}
	for i, arg := range call.Args {
		if arg == v && !t.add(u, t.told(obj, i)) {
			return false
		}
	}
	return true
}

// add adds what a callee does with the request; false if that is not known.
func (t *tracker) add(u, known *Use) bool {
	if known == nil {
		return false
	}
	u.Token, u.Other, u.Acts = u.Token || known.Token, u.Other || known.Other, u.Acts || known.Acts
	return true
}

// told is what another package tells that a function does with a request.
func (t *tracker) told(obj *types.Func, param int) *Use {
	if told := t.known.Of(obj); told != nil {
		if params := told.Funcs.Of(obj); params != nil {
			for i := range *params {
				if p := &(*params)[i]; p.Index == param {
					return &p.Use
				}
			}
		}
	}
	return nil
}

func logs(call *ssa.CallCommon) bool {
	callee := program.CalledObject(call)
	if callee == nil || callee.Pkg() == nil {
		return false
	}
	name := callee.Name()
	switch callee.Pkg().Path() {
	case "log", "log/slog":
		return true
	case "fmt":
		return strings.HasPrefix(name, "Print") || strings.HasPrefix(name, "Errorf")
	case "google.golang.org/grpc/status":
		return true
	}
	return false
}

// acts: the function stores something beyond itself, or calls somebody who
// may. One that does neither carries nothing out: a stub of a handler, the
// check of a request, or what helps them.
func (t *tracker) acts(fn *ssa.Function) bool {
	if known, ok := t.acting[fn]; ok {
		return known
	}
	t.acting[fn] = false // recursion
	for _, block := range fn.Blocks {
		if slices.ContainsFunc(block.Instrs, t.isAct) {
			t.acting[fn] = true
			break
		}
	}
	return t.acting[fn]
}

func (t *tracker) isAct(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Send, *ssa.Go:
		return true
	case *ssa.MapUpdate:
		_, own := instr.Map.(*ssa.MakeMap)
		return !own
	case *ssa.Store:
		addr, ok := instr.Addr.(*ssa.FieldAddr)
		return ok && !local(addr.X)
	case ssa.CallInstruction:
		return t.mayAct(instr)
	}
	return false
}

// local: v is a variable of the function's own.
func local(v ssa.Value) bool {
	for range 10 {
		switch x := v.(type) {
		case *ssa.Alloc:
			return true
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.IndexAddr:
			v = x.X
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return false
			}
			v = x.X
		default:
			return false
		}
	}
	return false
}

// mayAct: the callee is neither a getter nor one of those that only compute.
func (t *tracker) mayAct(instr ssa.CallInstruction) bool {
	call := instr.Common()
	if call.IsInvoke() {
		return !strings.HasPrefix(call.Method.Name(), "Get") && call.Method.Name() != "Error"
	}
	callee := call.StaticCallee()
	if callee == nil {
		_, builtin := call.Value.(*ssa.Builtin)
		callees := t.ssa.CalleesOrPassed(instr)
		return !builtin && (len(callees) == 0 || slices.ContainsFunc(callees, t.acts))
	}
	obj, ok := callee.Object().(*types.Func)
	if !ok || obj.Pkg() == nil {
		return false // a literal, judged by itself; a wrapper
	}
	if fn := t.ssa.Local(callee); fn != nil {
		return t.acts(fn)
	}
	if told := t.known.Of(obj); told != nil {
		if params := told.Funcs.Of(obj); params != nil {
			return slices.ContainsFunc(*params, func(p Param) bool { return p.Use.Acts })
		}
	}
	switch path := obj.Pkg().Path(); path {
	case "errors", "fmt", "log", "log/slog", "strings", "strconv", "time", "context", "regexp", "slices", "maps", "sort", "math", "sync":
		return false
	default:
		return !strings.HasPrefix(obj.Name(), "Get") && !strings.HasPrefix(obj.Name(), "Validate") &&
			!strings.HasPrefix(path, "google.golang.org/grpc") && !strings.HasPrefix(path, "google.golang.org/protobuf")
	}
}
