package status

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// Codes that blame the server.
const (
	codeUnknown  = 2
	codeInternal = 13
)

// canceled is the error of a context that somebody has cancelled.
const canceled = "context.Canceled"

// blamedCancel finds the end of an RPC's own context that is answered with a
// code which says that the server is broken:
//
//	return nil, status.Errorf(codes.Internal, "gave up: %v", ctx.Err())
func blamedCancel(pass *report.Pass) error {
	flow := flowOf(pass)
	if flow.Program == nil || !usesStatus(pass) {
		return nil
	}
	b := &blamer{pass, newRequests(pass, flow)}
	for _, fn := range flow.Program.Funcs {
		if pass.InTest(fn.Pos()) {
			continue
		}
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				if code, texts := b.blamesServer(call); texts != nil {
					b.judge(call, code, texts)
				}
			}
		}
	}
	return nil
}

type blamer struct {
	pass *report.Pass
	*requests
}

// blamesServer returns the code of status.Error, status.New and their like, or
// of a helper that makes such an error, if it is one of these codes, and what
// the error is made of; nothing for others.
func (b *blamer) blamesServer(call *ssa.Call) (code int, texts []ssa.Value) {
	fn := calledFunc(call)
	if makesStatus(fn) || isFunc(fn, statusPath, "New", "Newf") {
		c, ok := call.Call.Args[0].(*ssa.Const)
		if !ok || c.Value == nil {
			return 0, nil
		}
		n, _ := constant.Int64Val(constant.ToInt(c.Value))
		code, texts = int(n), call.Call.Args[1:]
	} else if isError(call.Type()) && slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool { return isError(arg.Type()) }) {
		origin := b.flow.Of(call)
		if len(origin.Sources) != 1 || origin.Sources[0].Kind != errflow.Status || origin.Sources[0].Tested {
			return 0, nil
		}
		code, texts = origin.Sources[0].Code, call.Call.Args
	}
	if code != codeInternal && code != codeUnknown {
		return 0, nil
	}
	return code, texts
}

func (b *blamer) judge(call *ssa.Call, code int, texts []ssa.Value) {
	errs, ok := errorsIn(b.flow.Program, texts)
	if !ok {
		return
	}
	known := b.knownBefore(call)
	var end *ssa.Call // the error of a context that is mentioned
	for _, err := range errs {
		switch e := endOf(err); {
		case e != nil && !known.other:
			end = e
		case known.err != nil && err == known.err:
		default:
			return // something else has gone wrong, too
		}
	}
	if end == nil && known.here && len(errs) == 0 {
		end = known.end
	}
	switch {
	case end != nil:
		b.report(call, code, b.served(contextOf(end)), b.text(end), b.contextExpr(end), "%s(%s.Err())")
	case known.name == canceled && (known.here || len(errs) > 0):
		b.report(call, code, b.servedBy(known.err), known.name, b.askedExpr(known.asked), "%s(%s)")
	}
}

// report says that a call answers the end of an RPC with the wrong code.
// What has ended is called what; err is the text to make the right one of,
// by the format fix.
func (b *blamer) report(call *ssa.Call, code int, roots []*ssa.Function, what string, err ast.Expr, fix string) {
	expr := b.flow.Program.CallExpr(call)
	if len(roots) == 0 || expr == nil {
		return
	}
	root := roots[0]
	f := finding.Finding{Pos: expr.Pos(), End: expr.End(), Subject: root.Name()}
	makes := makesStatus(calledFunc(call))
	direct := makes || isFunc(calledFunc(call), statusPath, "New", "Newf")
	if direct {
		f.Pos, f.End = expr.Args[0].Pos(), expr.Args[0].End()
	}
	rpc := "an RPC"
	if obj, ok := root.Object().(*types.Func); ok {
		if m := stubs(b.pass).Handler(obj); m != nil {
			rpc, f.Subject, f.StandsOn = m.Name, m.FullMethod, stub.Served(obj.Signature().Recv().Type())
		}
	}
	f.Message = fmt.Sprintf("a client that cancels %s looks like a fault of the server: %s is answered with the code %s", rpc, what, say.Code(uint64(code)))
	if qualifier := edit.ImportName(b.pass.Pass, expr.Pos(), statusPath); qualifier != "" && direct && b.means(err, expr.Pos()) && b.variablesUsedElsewhere(expr) {
		text := fmt.Sprintf(fix, qualifier+".FromContextError", types.ExprString(err))
		if makes {
			text += ".Err()"
		}
		f.Fixes = []finding.Fix{{Message: "Answer with the code of the context's error", Edits: []finding.Edit{edit.Replace(expr, text)}}}
	}
	b.pass.Report("status/blamed-cancel", f)
}

// text says what tells of the end of a context.
func (b *blamer) text(end *ssa.Call) string {
	if expr := b.flow.Program.CallExpr(end); expr != nil {
		return types.ExprString(expr)
	}
	return "ctx.Err()"
}

// contextExpr returns the context of ctx.Err(), ctx.Done() or
// context.Cause(ctx) as it is written.
func (b *blamer) contextExpr(end *ssa.Call) ast.Expr {
	expr := b.flow.Program.CallExpr(end)
	switch {
	case expr == nil:
		return nil
	case len(expr.Args) == 1:
		return expr.Args[0]
	}
	if sel, ok := ast.Unparen(expr.Fun).(*ast.SelectorExpr); ok {
		return sel.X
	}
	return nil
}

// askedExpr returns the error of errors.Is(err, context.Canceled) as it is
// written.
func (b *blamer) askedExpr(asked *ssa.Call) ast.Expr {
	if asked == nil {
		return nil
	}
	if expr := b.flow.Program.CallExpr(asked); expr != nil {
		return expr.Args[0]
	}
	return nil
}

// means reports whether an expression, a variable or the context of a
// stream, means at pos what it does where it stands.
func (b *blamer) means(expr ast.Expr, pos token.Pos) bool {
	switch expr := expr.(type) {
	case *ast.Ident:
		obj := edit.Meaning(b.pass.Pass, expr.Name, pos)
		return obj != nil && obj == b.pass.TypesInfo.ObjectOf(expr)
	case *ast.SelectorExpr:
		return b.means(expr.X, pos)
	case *ast.CallExpr:
		return len(expr.Args) == 0 && b.means(expr.Fun, pos)
	}
	return false
}

// variablesUsedElsewhere: what an expression replaces leaves no variable
// without use, which would not compile.
func (b *blamer) variablesUsedElsewhere(expr ast.Expr) bool {
	return !slices.ContainsFunc(edit.LeftUnused(b.pass.Pass, expr), func(obj types.Object) bool {
		v, ok := obj.(*types.Var)
		return ok && v.Kind() == types.LocalVar
	})
}

// servedBy returns the handlers for which an error was made by a function
// that got the context of the RPC, and that is not an RPC itself: those
// return no errors of package context.
func (b *blamer) servedBy(err ssa.Value) []*ssa.Function {
	if origin := b.flow.Of(err); origin.OfRPC() {
		return nil
	}
	if e, ok := err.(*ssa.Extract); ok {
		err = e.Tuple
	}
	call, ok := err.(*ssa.Call)
	if !ok {
		return nil
	}
	for _, arg := range call.Call.Args {
		if stub.IsContext(arg.Type()) {
			return b.served(arg)
		}
	}
	return nil
}

// errorsIn returns the errors that the arguments for a message hold; false
// if there may be others.
func errorsIn(p *program.Program, args []ssa.Value) (errs []ssa.Value, complete bool) {
	for _, arg := range args {
		if _, isSlice := arg.Type().Underlying().(*types.Slice); isSlice {
			elements := p.Elements(arg)
			if !elements.Complete {
				return nil, false
			}
			inner, ok := errorsIn(p, elements.Values)
			if !ok {
				return nil, false
			}
			errs = append(errs, inner...)
			continue
		}
		switch v := errflow.Unwrapped(arg).(type) {
		case *ssa.BinOp:
			inner, ok := errorsIn(p, []ssa.Value{v.X, v.Y})
			if !ok {
				return nil, false
			}
			errs = append(errs, inner...)
		case *ssa.Call:
			inner, ok := errorsOf(p, v)
			if !ok {
				return nil, false
			}
			errs = append(errs, inner...)
		default:
			if isError(v.Type()) {
				errs = append(errs, v)
			}
		}
	}
	return errs, true
}

// errorsOf returns the errors in what a call returns: its own, or those that
// it makes a text or an error of.
func errorsOf(p *program.Program, call *ssa.Call) (errs []ssa.Value, complete bool) {
	if err := textOf(call); err != nil {
		return errorsIn(p, []ssa.Value{err})
	}
	switch {
	case isFunc(calledFunc(call), "fmt", "Sprint", "Sprintf", "Sprintln", "Errorf"):
		return errorsIn(p, call.Call.Args)
	case isError(call.Type()):
		return []ssa.Value{call}, true
	}
	return nil, true
}

// A knowledge is what the branches say that lead to a place.
type knowledge struct {
	end *ssa.Call // tells of a context that has ended
	err ssa.Value // is an error of package context, be it a wrapped one
	// name of the error ("context.Canceled"), and who was asked for it, if
	// that is errors.Is.
	name  string
	asked *ssa.Call
	// here: it is known of the very block, and not of a branch around it.
	here bool
	// other: an error was seen to be another than one of package context.
	other bool
}

func (b *blamer) knownBefore(call *ssa.Call) knowledge {
	var known knowledge
	for block := call.Block(); block != nil; block = block.Idom() {
		if end := awaitedIn(block, call); end != nil && known.end == nil {
			known.end, known.here = end, block == call.Block()
		}
		if len(block.Preds) == 0 {
			break
		}
		on := knownOn(block.Preds[0], block)
		for _, pred := range block.Preds[1:] {
			on = on.either(knownOn(pred, block))
		}
		other := known.other || on.other
		if known.end == nil && known.err == nil && (on.end != nil || on.err != nil) {
			known, known.here = on, block == call.Block()
		}
		known.other = other
	}
	return known
}

// awaitedIn returns what tells of the end of a context for which a block
// waits, before an instruction if that is in it.
func awaitedIn(block *ssa.BasicBlock, before ssa.Instruction) *ssa.Call {
	for _, instr := range block.Instrs {
		if instr == before {
			break
		}
		if receive, ok := instr.(*ssa.UnOp); ok {
			if end := awaited(receive.X); end != nil {
				return end
			}
		}
	}
	return nil
}

// either is what is known behind one of two branches.
func (k knowledge) either(l knowledge) knowledge {
	var both knowledge
	if k.end != nil && l.end != nil && contextOf(k.end) == contextOf(l.end) {
		both.end = k.end
	}
	if k.err != nil && k.err == l.err {
		both.err, both.asked, both.name = k.err, k.asked, min(k.name, l.name) // context.Canceled is what matters
	}
	return both
}

// knownOn is what the branch from one block to another says.
func knownOn(from, to *ssa.BasicBlock) knowledge {
	taken, ok := branchOf(from, to)
	if !ok {
		return knowledge{}
	}
	switch cond := taken.cond.(type) {
	case *ssa.Call:
		if fn := calledFunc(cond); fn != nil && fn.Pkg() != nil && isErrorsPackage(fn.Pkg().Path()) && fn.Name() == "Is" && len(cond.Call.Args) == 2 {
			k := sentinelKnown(cond.Call.Args[0], cond.Call.Args[1], taken.outcome)
			k.asked = cond
			return k
		}
	case *ssa.BinOp:
		switch cond.Op {
		case token.EQL:
			return comparisonKnown(cond.X, cond.Y, taken.outcome)
		case token.NEQ:
			return comparisonKnown(cond.X, cond.Y, !taken.outcome)
		}
	}
	return knowledge{}
}

// comparisonKnown: x equals y, or does not.
func comparisonKnown(x, y ssa.Value, equal bool) knowledge {
	if errflow.ContextError(x) != "" {
		x, y = y, x
	}
	switch {
	case errflow.ContextError(y) != "":
		return sentinelKnown(x, y, equal)
	case equal:
		return knowledge{end: chosen(x, y)}
	case control.IsNil(y):
		return knowledge{end: endOf(x)}
	}
	return knowledge{}
}

// sentinelKnown: err is an error of package context, or is not.
func sentinelKnown(err, sentinel ssa.Value, is bool) knowledge {
	name := errflow.ContextError(sentinel)
	switch {
	case name == "":
		return knowledge{}
	case !is:
		return knowledge{other: true}
	case endOf(err) != nil:
		return knowledge{end: endOf(err)}
	}
	return knowledge{err: err, name: name}
}

// chosen: x is the case that a select took, number y, which waits for the
// end of a context; it returns what tells of that.
func chosen(x, y ssa.Value) *ssa.Call {
	e, ok := x.(*ssa.Extract)
	n, isConst := y.(*ssa.Const)
	if !ok || !isConst || e.Index != 0 {
		return nil
	}
	sel, ok := e.Tuple.(*ssa.Select)
	if !ok || n.Int64() < 0 || n.Int64() >= int64(len(sel.States)) {
		return nil
	}
	return awaited(sel.States[n.Int64()].Chan)
}
