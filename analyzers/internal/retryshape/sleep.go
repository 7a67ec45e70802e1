package retryshape

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/request"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A Sleep is a call of time.Sleep, or of a helper that sleeps, in a loop that
// makes an RPC: a retry or a poll.
type Sleep struct {
	Call    *ssa.Call
	Helped  bool // it is not in the loop's own function that time.Sleep is called
	RPC     *request.RPC
	Context string // the name of the context that the RPC is made with
}

// minSleep is the shortest constant sleep that is worth a finding: after a
// shorter one, the next attempt fails at once if the context is over, and
// nobody has waited for long.
const minSleep = time.Second

// noteSleeps finds the sleeps of a loop that tries again, or asks until the
// answer is the awaited one. One that works on after success is a worker
// with a rhythm of its own.
func (sh *shapes) noteSleeps(shape *Shape, r *request.Request) {
	if shape.Retried&codeflow.OK != 0 || shape.Retried|shape.Doubtful == 0 {
		return
	}
	name := contextName(r, shape.Loop)
	if name == "" {
		return
	}
	for call := range program.Calls(r.Call.Parent()) {
		if sh.Program.Innermost(call.Block()) != shape.Loop {
			continue
		}
		at := sh.sleepIn(call, nil)
		if at == nil {
			continue
		}
		helped := at != call || !isTimeSleep(program.CalledObject(&call.Call))
		if !slices.ContainsFunc(sh.sleeps, func(known *Sleep) bool { return known.Call == at }) {
			sh.sleeps = append(sh.sleeps, &Sleep{Call: at, Helped: helped, RPC: r.RPC, Context: name})
		}
	}
}

func isTimeSleep(obj *types.Func) bool { return obj != nil && codeflow.Qualified(obj) == "time.Sleep" }

// A scope is the body of a function that a call runs, in the scope of that.
type scope struct {
	call  *ssa.Call
	outer *scope
	depth int
}

func (s *scope) in(call *ssa.Call) *scope {
	inner := &scope{call: call, outer: s, depth: 1}
	if s != nil {
		inner.depth += s.depth
	}
	return inner
}

// sleepIn returns the call of time.Sleep, or of a function with a name that
// calls it and looks at no context, that a call is or that is in the literal
// which it runs; nil if there is none, or a short one.
func (sh *shapes) sleepIn(call *ssa.Call, in *scope) *ssa.Call {
	obj := program.CalledObject(&call.Call)
	if isTimeSleep(obj) {
		if sh.isLong(call.Call.Args[0], in) {
			return call
		}
		return nil
	}
	if told := sh.toldOf(obj); told != nil {
		if nap := told.Naps.Of(obj); nap != nil && (nap.Param == 0 || sh.isLong(program.SignatureArg(call, nap.Param-1), in)) {
			return call
		}
		return nil
	}
	inner := in.in(call)
	if inner.depth > maxInside {
		return nil
	}
	for _, fn := range slices.Concat(sh.Program.Callees(call), sh.Program.Handings(call)) {
		if sh.bodyEffect(fn, 0)&listens != 0 {
			continue
		}
		for sleeping := range program.Calls(fn) {
			switch at := sh.sleepIn(sleeping, inner); {
			case at == nil:
			case sh.Program.CalleeName(call) != "":
				return call
			default:
				return at
			}
		}
	}
	return nil
}

// isLong: a duration is no short constant, as far as the calls tell.
func (sh *shapes) isLong(d ssa.Value, in *scope) bool {
	for ; d != nil; in = in.outer {
		d = sh.Root(d)
		if n, ok := codeflow.ConstInt(d); ok {
			return time.Duration(n) >= minSleep
		}
		if in == nil {
			break
		}
		input := sh.InputOf(d)
		if input.Param == nil {
			break
		}
		if given, _ := sh.Program.Given(in.call, input); given != nil {
			d = given // else it is of a function around the literal
		}
	}
	return true
}

// A Nap is the time.Sleep of a function that sleeps whatever it is called for.
type Nap struct {
	Param int // 1 and the parameter that says for how long, as the signature counts; 0 for none
}

// naps finds them in the statements of exported functions, without the view of
// the package, which nothing else asks for in most helpers.
func naps(pass *analysis.Pass, own *told) {
	if stub.IsStandard(pass.Pkg.Path()) {
		return
	}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || !decl.Name.IsExported() || decl.Body == nil {
				continue
			}
			fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok || takesContext(fn) {
				continue
			}
			for _, stmt := range decl.Body.List {
				if nap, ok := napIn(pass, stmt, fn); ok {
					own.Naps.AddFunc(fn, nap)
				}
			}
		}
	}
	own.Naps.Sort()
}

func napIn(pass *analysis.Pass, stmt ast.Stmt, fn *types.Func) (Nap, bool) {
	expr, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return Nap{}, false
	}
	call, ok := ast.Unparen(expr.X).(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return Nap{}, false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Sleep" {
		return Nap{}, false
	}
	if obj, ok := pass.TypesInfo.Uses[sel.Sel].(*types.Func); !ok || !isTimeSleep(obj) {
		return Nap{}, false
	}
	if value := pass.TypesInfo.Types[call.Args[0]].Value; value != nil {
		n, exact := constant.Int64Val(value)
		return Nap{}, exact && time.Duration(n) >= minSleep
	}
	if id, ok := ast.Unparen(call.Args[0]).(*ast.Ident); ok {
		for i := range fn.Signature().Params().Len() {
			if fn.Signature().Params().At(i) == pass.TypesInfo.Uses[id] {
				return Nap{1 + i}, true
			}
		}
	}
	return Nap{}, true
}

// contextName returns the name of the variable from which the RPC's context
// comes and that is in reach of the whole loop; "" for a context that never
// ends, or that has no name.
func contextName(r *request.Request, l *loops.Loop) string {
	v := r.Context
	for range 10 {
		switch x := v.(type) {
		case *ssa.Parameter:
			if stub.IsContext(x.Type()) && x.Name() != "_" {
				return x.Name()
			}
			return ""
		case *ssa.FreeVar:
			if p, ok := x.Type().(*types.Pointer); ok && stub.IsContext(p.Elem()) {
				return x.Name()
			}
			return ""
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return ""
			}
			v = x.X
			continue
		case *ssa.Alloc:
			if p, ok := x.Type().(*types.Pointer); ok && stub.IsContext(p.Elem()) && x.Comment != "" && !l.Blocks[x.Block()] {
				return x.Comment // captured by a literal
			}
			return ""
		case *ssa.Extract:
			call, ok := x.Tuple.(*ssa.Call)
			if !ok || len(call.Call.Args) == 0 {
				return ""
			}
			// context.WithTimeout(ctx, ...): that one may end as well.
			v = call.Call.Args[0]
			continue
		case *ssa.Call:
			if len(x.Call.Args) > 0 && stub.IsContext(x.Call.Args[0].Type()) {
				v = x.Call.Args[0]
				continue
			}
			return ""
		}
		return ""
	}
	return ""
}

// deadlineBefore returns the call outside of the region that gives a context
// its deadline, if what happens to it in between adds no other.
func (sh *shapes) deadlineBefore(v ssa.Value, rg request.Region) *ssa.Call {
	for range 10 {
		if v == nil {
			return nil
		}
		v = sh.Root(v)
		if alloc, ok := v.(*ssa.Alloc); ok {
			v = nil
			// ctx, cancel := context.WithTimeout(ctx, ...) writes to
			// the parameter.
			for _, stored := range sh.Program.HeldIn(alloc).Values {
				if _, isParam := stored.(*ssa.Parameter); isParam {
					continue
				}
				if v != nil {
					return nil
				}
				v = stored
			}
		}
		if extract, ok := v.(*ssa.Extract); ok && extract.Index == 0 {
			v = extract.Tuple
		}
		call, ok := v.(*ssa.Call)
		if !ok {
			return nil
		}
		obj := program.CalledObject(call.Common())
		if obj == nil {
			return nil
		}
		switch codeflow.Qualified(obj) {
		case "context.WithTimeout", "context.WithDeadline", "context.WithTimeoutCause", "context.WithDeadlineCause":
			if rg.Holds(call) {
				return nil // for one attempt
			}
			return call
		case "context.WithValue", "context.WithCancel", "context.WithCancelCause",
			"google.golang.org/grpc/metadata.AppendToOutgoingContext", "google.golang.org/grpc/metadata.NewOutgoingContext":
			v = call.Call.Args[0]
		default:
			return nil
		}
	}
	return nil
}

// neverEnds: the context comes from context.Background() or TODO(), with
// values added at most.
func (sh *shapes) neverEnds(v ssa.Value) bool {
	for range 10 {
		v = sh.Root(v)
		call, ok := v.(*ssa.Call)
		if !ok {
			return false
		}
		obj := program.CalledObject(call.Common())
		if obj == nil || obj.Pkg() == nil {
			return false
		}
		switch path, name := obj.Pkg().Path(), obj.Name(); {
		case path == "context" && (name == "Background" || name == "TODO" || name == "WithoutCancel"):
			return true
		case path == "context" && name == "WithValue", path == "google.golang.org/grpc/metadata" && strings.HasSuffix(name, "OutgoingContext"):
			v = call.Call.Args[0]
		default:
			return false
		}
	}
	return false
}
