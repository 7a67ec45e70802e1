package deadline

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/ctxflow"
	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// detached: the function that makes or takes the fresh context was given one
// of its own, and waits for the RPC. Work that goes on behind the function's
// back, or that cleans up after it, is detached with good reason.
func (j *judged) detached(path ctxflow.Path) (placed, bool) {
	p := placed{Path: path}
	if !p.Direct {
		return p, false
	}
	at := j.takeFresh(&p)
	if at == nil || j.ofProcess(p.taker) || j.saysSo(at.Pos()) || p.Root.Call != nil && j.saysSo(p.Root.Call.Pos()) {
		return p, false
	}
	return p, !cleansUp(p.taker, &path) && !afterDone(at) && !afterFailure(at)
}

// takeFresh finds the function that has a context of its caller's and passes on
// a fresh one: that which makes it or, if that has none, that which gets it
// from there. It returns the call that brings the fresh one, and puts the path
// where that stands; nil if there is no such function.
func (j *judged) takeFresh(p *placed) ssa.CallInstruction {
	if fn := rootFunc(&p.Path); fn != nil && requestContext(fn) != nil {
		p.taker = fn
		return p.Root.Call
	}
	if p.Root.Given != ctxflow.NoFramework {
		return nil // the function's own
	}
	if p.From == nil || p.FromArg == nil || requestContext(p.From.Parent()) == nil || p.Root.Stored {
		return nil
	}
	p.taker = p.From.Parent()
	// Back to the helper that makes it, or to where it is read.
	at, v := p.From, p.FromArg
	p.place = j.argument(at, v)
	for range maxMakers {
		if param, ok := v.(*ssa.Parameter); ok && param == requestContext(p.taker) {
			return nil // a helper left it out, which is told of by itself
		}
		if extract, ok := v.(*ssa.Extract); ok {
			v = extract.Tuple
		}
		call, ok := v.(*ssa.Call)
		if !ok {
			held, _ := j.ssa.Read(v)
			if len(held.Values) != 1 || !within(held.Values[0], p.taker) {
				return at
			}
			v = held.Values[0]
			continue
		}
		expr := j.ssa.CallExpr(call)
		if call.Parent() != p.taker || expr == nil {
			return at
		}
		if isDetachedByName(j.ssa.CalleeName(call)) {
			return nil
		}
		i := slices.IndexFunc(call.Call.Args, func(arg ssa.Value) bool { return stub.IsContext(arg.Type()) })
		if i < 0 {
			p.place = expr
			return call
		}
		at, v = call, call.Call.Args[i]
		p.place = j.argument(at, v)
	}
	return at
}

// maxMakers bounds how far a context is followed back in its function.
const maxMakers = 16

func within(v ssa.Value, fn *ssa.Function) bool {
	instr, ok := v.(ssa.Instruction)
	return ok && instr.Parent() == fn
}

// cleansUp: the function or the first link of the chain is named for what
// has to be done even though the caller has gone.
func cleansUp(fn *ssa.Function, p *ctxflow.Path) bool {
	if isDetachedByName(fn.Name()) || isDetachedByName(madeIn(p)) {
		return true
	}
	names := []string{fn.Name()}
	names = append(names, p.Chain...)
	names = append(names, p.RPC.Name())
	for _, name := range names {
		name = strings.ToLower(say.Last(name))
		for _, word := range []string{"rollback", "release", "cleanup", "clean", "unlock", "revoke", "abort", "close", "shutdown", "stop", "teardown", "unregister", "deregister", "audit", "prune", "purge", "gc", "flush", "evict"} {
			if strings.HasPrefix(name, word) {
				return true
			}
		}
	}
	return false
}

// isDetachedByName: a function says that it leaves its caller behind.
func isDetachedByName(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "detach") || strings.Contains(name, "background")
}

// afterDone: the root is made where the request's context is known to be
// done, behind <-ctx.Done() or ctx.Err() != nil.
func afterDone(call ssa.CallInstruction) bool {
	for block := call.Block(); block != nil; block = block.Idom() {
		for _, instr := range block.Instrs {
			if instr == call.(ssa.Instruction) {
				break
			}
			inner, ok := instr.(ssa.CallInstruction)
			if !ok || !inner.Common().IsInvoke() || !stub.IsContext(inner.Common().Value.Type()) {
				continue
			}
			if name := inner.Common().Method.Name(); name == "Done" || name == "Err" {
				return true
			}
		}
	}
	return false
}

// afterFailure: the root is made where an error has been found. What is
// undone or reported there has to happen even if the caller has gone.
func afterFailure(call ssa.CallInstruction) bool {
	for block := call.Block(); block.Idom() != nil; block = block.Idom() {
		before := block.Idom()
		test, ok := before.Instrs[len(before.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		cond, ok := test.Cond.(*ssa.BinOp)
		if !ok || types.TypeString(cond.X.Type(), nil) != "error" {
			continue
		}
		if cond.Op == token.NEQ && before.Succs[0] == block || cond.Op == token.EQL && before.Succs[1] == block {
			return len(block.Preds) == 1 // else the branches have met again
		}
	}
	return false
}

func (j *judged) reportDetached(g *group) {
	f := j.finding(g, func(p *placed) string {
		root := p.Root.Is
		if fn := rootFunc(&p.Path); fn != p.taker && fn != nil && fn.Parent() == nil && fn.Synthetic == "" || fn == nil {
			root += " of " + madeIn(&p.Path)
		}
		return fmt.Sprintf(" can run on after the caller of %s has gone: %s instead of %s%s",
			program.Outermost(p.taker).Name(), root, requestContextExpr(requestContext(p.taker)), say.Via(p.Chain))
	})
	f.Fixes = j.useRequestContexts(g)
	j.Report("deadline/detached", f)
}

// useRequestContexts replaces each fresh context by its function's own.
func (j *judged) useRequestContexts(g *group) []finding.Fix {
	fix := finding.Fix{
		Message: "Use " + requestContextExpr(requestContext(g.first().taker)),
		Safe:    true,
	}
	var done []ast.Expr
	for i := range g.paths {
		p := &g.paths[i]
		if slices.Contains(done, p.place) {
			continue
		}
		done = append(done, p.place)
		param := requestContext(p.taker)
		if p.taker != rootFunc(&p.Path) {
			return nil // what makes the context may have no other use
		}
		if edit.Meaning(j.Pass.Pass, param.Name(), p.place.Pos()) != param.Object() {
			return nil // shadowed
		}
		fix.Safe = fix.Safe && j.contextStaysUsed(p.place)
		fix.Edits = append(fix.Edits, edit.Replace(p.place, requestContextExpr(param)))
	}
	return []finding.Fix{fix}
}

// contextStaysUsed: the file names package context elsewhere too, so that
// the edit leaves no unused import. Another fresh context may go the same
// way.
func (j *judged) contextStaysUsed(root ast.Expr) bool {
	stays := false
	ast.Inspect(syntax.Of(j.Pass.Pass).File(root.Pos()), func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				if name, ok := j.TypesInfo.Uses[id].(*types.PkgName); ok && strings.HasSuffix(name.Imported().Path(), "context") {
					stays = stays || sel.Sel.Name != "Background" && sel.Sel.Name != "TODO"
				}
			}
		}
		return true
	})
	return stays
}
