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
	u := &Use{Acts: t.acts(fn)}
	if len(fn.Blocks) == 0 || !t.follow(fn.Params[param], tokenOf(fn.Params[param].Type()), u, make(map[ssa.Value]bool)) {
		return nil
	}
	t.uses[k] = u
	return u
}

// follow adds the uses of a request; false if it gets out of sight.
func (t *tracker) follow(v ssa.Value, field *tokenField, u *Use, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return true
	}
	seen[v] = true
	if v.Referrers() == nil {
		return false
	}
	for _, user := range *v.Referrers() {
		switch user := user.(type) {
		case *ssa.DebugRef:
		case *ssa.BinOp: // a comparison with nil
		case *ssa.FieldAddr:
			s := user.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
			if strings.TrimPrefix(s.Field(user.Field).Name(), "xxx_hidden_") == field.name {
				u.Token = true
			} else {
				u.Other = true
			}
		case *ssa.Phi:
			if !t.follow(user, field, u, seen) {
				return false
			}
		case *ssa.Store:
			// A variable that function literals see.
			alloc, ok := user.Addr.(*ssa.Alloc)
			if !ok || user.Val != v || !t.followVariable(alloc, field, u, seen) {
				return false
			}
		case *ssa.MakeInterface:
			if !onlyLogged(user) {
				return false
			}
		case ssa.CallInstruction:
			if !t.followCall(user, v, field, u) {
				return false
			}
		default:
			return false // copied, returned, sent
		}
	}
	return true
}

// followVariable follows a local variable, also in the literals that share it.
func (t *tracker) followVariable(variable *ssa.Alloc, field *tokenField, u *Use, seen map[ssa.Value]bool) bool {
	if seen[variable] {
		return true
	}
	seen[variable] = true
	for _, name := range t.ssa.Names(variable) {
		for _, user := range *name.Referrers() {
			switch user := user.(type) {
			case *ssa.DebugRef, *ssa.Store:
			case *ssa.UnOp:
				if !t.follow(user, field, u, seen) {
					return false
				}
			case *ssa.MakeClosure:
				u.Acts = u.Acts || t.acts(user.Fn.(*ssa.Function))
			default:
				return false
			}
		}
	}
	return true
}

// followCall: a getter, a validator of the message's own, a function that
// is known.
func (t *tracker) followCall(instr ssa.CallInstruction, v ssa.Value, field *tokenField, u *Use) bool {
	call := instr.Common()
	callee, obj := t.ssa.Callee(call)
	if call.IsInvoke() || callee == nil && obj == nil {
		return false
	}
	if obj == nil { // a literal
		i := slices.Index(call.Args, v)
		return i < 0 || t.add(u, t.callee(callee, nil, i))
	}
	if recv := obj.Signature().Recv(); recv != nil && len(call.Args) > 0 && call.Args[0] == v && types.Identical(recv.Type(), v.Type()) {
		switch name := obj.Name(); {
		case name == "Get"+field.name:
			u.Token = true
		case strings.HasPrefix(name, "Get"):
			u.Other = true
		case name == "Validate" || name == "ValidateAll" || name == "String" || name == "Descriptor":
		default:
			return false // ProtoReflect, Marshal
		}
		return true
	}
	for i, arg := range call.Args {
		if arg != v {
			continue
		}
		if !t.add(u, t.callee(callee, obj, i)) {
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

func (t *tracker) callee(fn *ssa.Function, obj *types.Func, param int) *Use {
	if fn != nil {
		if param >= len(fn.Params) || fn.TypeParams().Len() > 0 || tokenOf(fn.Params[param].Type()) == nil {
			return nil // of any type
		}
		return t.use(fn, param)
	}
	told := t.known.Of(obj)
	if told == nil {
		return nil
	}
	if params := told.Funcs.Of(obj); params != nil {
		for i := range *params {
			if p := &(*params)[i]; p.Index == param {
				return &p.Use
			}
		}
	}
	return nil
}

// onlyLogged: the value goes into the arguments of log.Printf and the like.
func onlyLogged(v ssa.Value) bool {
	for _, user := range *v.Referrers() {
		switch user := user.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			element, ok := user.Addr.(*ssa.IndexAddr)
			if !ok {
				return false
			}
			for _, use := range *element.X.Referrers() {
				slice, ok := use.(*ssa.Slice)
				if !ok {
					continue // an element
				}
				for _, use := range *slice.Referrers() {
					call, ok := use.(ssa.CallInstruction)
					if !ok || !logs(call.Common()) {
						return false
					}
				}
			}
		default:
			return false
		}
	}
	return true
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
