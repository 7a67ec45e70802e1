package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
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
	errors := flowOf(pass)
	if errors.Program == nil || !usesStatus(pass) {
		return nil
	}
	b := &blamer{
		pass: pass, flow: errors, owners: newOwnerTracer(pass, errors.Program), mentions: newMentionTracer(errors),
		madeIn: make(map[token.Pos]*ssa.Function),
	}
	b.each(b.made)
	b.each(b.answered)
	return nil
}

type blamer struct {
	pass     *report.Pass
	flow     *errflow.Flow
	owners   *flow.Tracer[flow.Part[owner]]
	mentions *flow.Tracer[mention]

	madeIn map[token.Pos]*ssa.Function // where errors are made that are not reported, others nil
}

func (b *blamer) each(judge func(ssa.Instruction)) {
	for instr := range b.flow.Program.Instructions {
		if !b.pass.InTest(instr.Parent().Pos()) {
			judge(instr)
		}
	}
}

// made judges status.Error, status.New and their like.
func (b *blamer) made(instr ssa.Instruction) {
	call, ok := instr.(*ssa.Call)
	if !ok || !b.isDirect(call) {
		return
	}
	list, complete := b.flow.Codes(call.Call.Args[0])
	b.madeIn[call.Pos()] = call.Parent()
	if complete && len(list) == 1 && blames(list[0]) && b.judge(call, list[0], b.mentionedIn(call.Call.Args[1:])) {
		b.madeIn[call.Pos()] = nil
	}
}

func (b *blamer) isDirect(call *ssa.Call) bool {
	fn := calledFunc(call)
	return makesStatus(fn) || isFunc(fn, statusPath, "New", "Newf")
}

// blames: a code which says that the server is broken.
func blames(code int) bool { return code == codeInternal || code == codeUnknown }

// answered judges the calls of helpers that make such an error, whatever
// happens, and the return of one that was made before for all.
func (b *blamer) answered(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Return:
		for i := range instr.Results {
			if err := program.GivenBack(instr, i); isError(err.Type()) && errflow.IsGlobal(err) {
				b.judgeMade(instr, err, mention{})
			}
		}
	case *ssa.Call:
		if !isError(instr.Type()) && !isStatus(instr.Type()) {
			return
		}
		if len(b.flow.Program.Callees(instr)) > 0 || b.flow.Program.Body(instr) != nil {
			b.judgeMade(instr, instr, flow.Trace[mention]{Tracer: b.mentions}.Inside(instr, 0))
		} else if fn := calledFunc(instr); fn != nil && fn.Pkg() != nil && !b.isDirect(instr) && fn.Pkg().Path() != statusPath && !isStatusMethod(fn) {
			b.judgeMade(instr, instr, b.mentionedIn(program.Args(&instr.Call)))
		}
	}
}

func (b *blamer) judgeMade(at ssa.Instruction, err ssa.Value, m mention) {
	sources := b.flow.Of(err).Sources
	if len(sources) != 1 || sources[0].Kind != errflow.Status || sources[0].Tested || sources[0].Wrapped || !blames(sources[0].Code) {
		return
	}
	if fn, here := b.madeIn[sources[0].Pos]; here && (fn == nil || fn == at.Parent()) {
		return // reported there, or made before the end
	}
	if b.flow.Fails(err, at.Block()) {
		b.judge(at, sources[0].Code, m)
	}
}

// judge reports whether an error with a code, made or answered at some place,
// blames the server for the end of an RPC. The error mentions others.
func (b *blamer) judge(at ssa.Instruction, code int, m mention) bool {
	if m.unknown {
		return false
	}
	errs := slices.DeleteFunc(slices.Clone(m.errs), func(v ssa.Value) bool { return !isError(v.Type()) })
	known := b.knownBefore(at)
	var end *ssa.Call // the error of a context that is mentioned
	for _, err := range errs {
		switch e := endOf(err); {
		case e != nil && !known.other:
			end = e
		case known.err != nil && err == known.err:
		default:
			return false // something else has gone wrong, too
		}
	}
	if end == nil && known.here && len(errs) == 0 {
		end = known.end
	}
	switch {
	case end != nil:
		return b.report(at, code, b.served(b.passed(contextOf(end), at)), b.text(end), b.contextExpr(end), "%s(%s.Err())")
	case known.name == canceled && (known.here || len(errs) > 0):
		return b.report(at, code, b.servedBy(known.err), known.name, b.askedExpr(known.asked), "%s(%s)")
	}
	return false
}

// passed is what a call passes as a parameter of the helper that it runs; v for
// other values.
func (b *blamer) passed(v ssa.Value, at ssa.Instruction) ssa.Value {
	p, isParam := v.(*ssa.Parameter)
	if call, ok := at.(*ssa.Call); ok && isParam && b.flow.Program.ArgOf(call, p) != nil {
		return b.flow.Program.ArgOf(call, p)
	}
	return v
}

// served returns the handler or server interceptor whose RPC a context belongs
// to, nil if it may end otherwise, or is not known.
func (b *blamer) served(ctx ssa.Value) *ssa.Function {
	if o := b.owners.Closed(ctx); !o.Own.other && !o.Open() {
		return o.Own.root
	}
	return nil
}

// report says that the end of an RPC is answered with the wrong code. What has
// ended is called what; err is the text to make the right one of, by the
// format fix.
func (b *blamer) report(at ssa.Instruction, code int, root *ssa.Function, what string, err ast.Expr, fix string) bool {
	var answer ast.Node
	var expr *ast.CallExpr
	makes, direct := false, false
	switch at := at.(type) {
	case *ssa.Return:
		answer = operandOf(b.pass, at, len(at.Results)-1)
	case *ssa.Call:
		if expr = b.flow.Program.CallExpr(at); expr == nil {
			return false
		}
		answer = expr
		if makes, direct = makesStatus(calledFunc(at)), b.isDirect(at); direct {
			answer = expr.Args[0]
		}
	}
	if root == nil || answer == nil {
		return false
	}
	f := finding.Finding{Pos: answer.Pos(), End: answer.End(), Subject: root.Name()}
	rpc := "an RPC"
	if obj, ok := root.Object().(*types.Func); ok {
		if m := stubs(b.pass).Handler(obj); m != nil {
			rpc, f.Subject, f.StandsOn = m.Name, m.FullMethod, stub.Served(obj.Signature().Recv().Type())
		}
	}
	f.Message = fmt.Sprintf("a client that cancels %s looks like a fault of the server: %s is answered with the code %s", rpc, what, say.Code(uint64(code)))
	if qualifier := edit.ImportName(b.pass.Pass, answer.Pos(), statusPath); qualifier != "" && direct && b.means(err, expr.Pos()) && b.variablesUsedElsewhere(expr) {
		text := fmt.Sprintf(fix, qualifier+".FromContextError", types.ExprString(err))
		if makes {
			text += ".Err()"
		}
		f.Fixes = []finding.Fix{{Message: "Answer with the code of the context's error", Edits: []finding.Edit{edit.Replace(expr, text)}}}
	}
	b.pass.Report("status/blamed-cancel", f)
	return true
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

// servedBy returns the handler for which an error was made by a function that
// got the context of the RPC, and that is not an RPC itself: those return no
// errors of package context.
func (b *blamer) servedBy(err ssa.Value) *ssa.Function {
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

func (b *blamer) knownBefore(at ssa.Instruction) knowledge {
	var known knowledge
	for block := at.Block(); block != nil; block = block.Idom() {
		if end := awaitedIn(block, at); end != nil && known.end == nil {
			known.end, known.here = end, block == at.Block()
		}
		if len(block.Preds) == 0 {
			break
		}
		on := b.knownOn(block.Preds[0], block)
		for _, pred := range block.Preds[1:] {
			on = on.either(b.knownOn(pred, block))
		}
		other := known.other || on.other
		if known.end == nil && known.err == nil && (on.end != nil || on.err != nil) {
			known, known.here = on, block == at.Block()
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
func (b *blamer) knownOn(from, to *ssa.BasicBlock) knowledge {
	taken, ok := branchOf(from, to)
	if !ok {
		return knowledge{}
	}
	switch cond := taken.cond.(type) {
	case *ssa.Call:
		if fn := calledFunc(cond); fn != nil && fn.Pkg() != nil && isErrorsPackage(fn.Pkg().Path()) && fn.Name() == "Is" && len(cond.Call.Args) == 2 {
			k := b.sentinelKnown(cond.Call.Args[0], cond.Call.Args[1], taken.outcome)
			k.asked = cond
			return k
		}
	case *ssa.BinOp:
		switch cond.Op {
		case token.EQL:
			return b.comparisonKnown(cond.X, cond.Y, taken.outcome)
		case token.NEQ:
			return b.comparisonKnown(cond.X, cond.Y, !taken.outcome)
		}
	}
	return knowledge{}
}

// comparisonKnown: x equals y, or does not.
func (b *blamer) comparisonKnown(x, y ssa.Value, equal bool) knowledge {
	if errflow.ContextError(x) != "" {
		x, y = y, x
	}
	switch {
	case errflow.ContextError(y) != "":
		return b.sentinelKnown(x, y, equal)
	case equal:
		return knowledge{end: chosen(x, y)}
	case control.IsNil(y):
		return knowledge{end: endOf(b.named(x))}
	}
	return knowledge{}
}

// sentinelKnown: err is an error of package context, or is not.
func (b *blamer) sentinelKnown(err, sentinel ssa.Value, is bool) knowledge {
	name := errflow.ContextError(sentinel)
	err = b.named(err)
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
