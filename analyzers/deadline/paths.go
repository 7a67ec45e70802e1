package deadline

import (
	"go/ast"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/ctxflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/finding/say"
)

// judged is the analysis of one package's paths from roots to RPCs.
type judged struct {
	*report.Pass
	flow  *ctxflow.Flow
	stubs *stub.Index
	ssa   *program.Program
	// fixed are the functions in which a fix declares variables.
	fixed map[*ssa.Function]bool
	// plugins is what pluginServices returns.
	plugins map[string]bool
}

// paths sorts each way of an unbounded context to an RPC into the one rule
// that describes it best, and reports each root once per rule.
func paths(pass *report.Pass) error {
	flow := pass.ResultOf[ctxflow.Analyzer].(*ctxflow.Flow)
	pass.Claim(claim.Deadline, flow.Dials...)
	pass.ClaimIf(flow.ReconcilesInTime, claim.ReconcilesInTime)
	if len(flow.Paths) == 0 {
		return nil
	}
	j := &judged{
		Pass: pass, flow: flow,
		stubs: pass.ResultOf[stub.Analyzer].(*stub.Index),
		ssa:   pass.ResultOf[program.Analyzer].(*program.Package).Build(),
		fixed: make(map[*ssa.Function]bool),
	}
	var groups groups
	judge := func(id string, set ctxflow.RuleSet, p *placed) {
		if p.place == nil {
			p.place = j.place(&p.Path)
		}
		place := p.place
		if place == nil {
			return // made by a wrapper that is not in the source
		}
		silenced := j.Ignored(id, place.Pos())
		if p.Root.Call != nil {
			silenced = j.Ignored(id, j.ssa.CallPos(p.Root.Call)) || silenced
		}
		if p.Ignored&set != 0 {
			silenced = true
			for _, link := range p.Links {
				j.Ignored(id, link) // the directive there is of use
			}
		}
		if silenced {
			j.Silenced(id, place.Pos(), place.End())
			return
		}
		groups.add(id, *p)
	}
	for _, path := range flow.Paths {
		if p, ok := j.detached(path); ok {
			judge("deadline/detached", ctxflow.Detached, &p)
			continue
		}
		p := placed{Path: path}
		switch {
		case p.Bounded || flow.SetByConnection(&p.RPC):
			// Somebody sets a deadline.
		case p.RPC.WaitForReady && p.RPC.At.Package == j.Pkg.Path():
			// Where the option is out of sight, the missing deadline
			// is the thing to speak of.
			judge("deadline/wait-for-ready", ctxflow.WaitForReady, &p)
		case p.RPC.Stream || waits(&p.RPC):
			// Streams may live as long as the process, and an RPC
			// that waits for something as long as that takes.
		default:
			judge("deadline/missing", ctxflow.Missing, &p)
		}
	}
	for _, g := range groups.all() {
		switch g.rule {
		case "deadline/detached":
			j.reportDetached(g)
		case "deadline/wait-for-ready":
			j.reportWaitForReady(g)
		case "deadline/missing":
			j.reportMissing(g)
		}
	}
	return nil
}

// place is the expression to edit: the one that makes the root. Where that
// lies in another package, or where the context is kept for as long as its
// owner lives, it is the context that is passed on towards the RPC.
func (j *judged) place(p *ctxflow.Path) ast.Expr {
	if p.Root.Call != nil && !p.Kept {
		if expr := j.ssa.CallExpr(p.Root.Call); expr != nil {
			return expr
		}
		return nil
	}
	if p.Root.Call == nil && p.FromArg != nil {
		return j.argument(p.From, p.FromArg)
	}
	return j.argument(p.Call, p.Arg)
}

// argument returns the syntax of what a call passes as a value.
func (j *judged) argument(instr ssa.CallInstruction, value ssa.Value) ast.Expr {
	call := j.ssa.CallExpr(instr)
	if call == nil {
		return nil
	}
	// The arguments of an SSA call begin with the receiver of a method.
	shift := 0
	if common := instr.Common(); !common.IsInvoke() && common.Signature().Recv() != nil {
		shift = 1
	}
	for i, arg := range instr.Common().Args {
		if arg == value && i-shift >= 0 && i-shift < len(call.Args) {
			return call.Args[i-shift]
		}
	}
	return nil
}

// isNamesake: the RPC is named like a function that leads to it.
func isNamesake(p *ctxflow.Path) bool {
	return slices.ContainsFunc(p.Chain, func(called string) bool {
		called = say.Last(called)
		return strings.HasPrefix(strings.ToLower(method(&p.RPC)), strings.ToLower(called))
	})
}

func method(rpc *ctxflow.RPC) string {
	return rpc.FullMethod[strings.LastIndexByte(rpc.FullMethod, '/')+1:]
}

// waits: by its name, the RPC answers when something happens that may take
// any time, as a long poll does.
func waits(rpc *ctxflow.RPC) bool {
	for _, word := range []string{"Wait", "Watch", "Poll", "LongPoll", "Subscribe", "Listen", "Follow", "Tail", "Stream"} {
		if rest, ok := strings.CutPrefix(method(rpc), word); ok && (rest == "" || 'A' <= rest[0] && rest[0] <= 'Z') {
			return true
		}
	}
	return false
}

// rpcInPackage returns the RPC's syntax if it is made in this package.
func (j *judged) rpcInPackage(p *ctxflow.Path) *ast.CallExpr {
	if p.RPC.At.Package != j.Pkg.Path() || p.Kept {
		return nil
	}
	return j.ssa.CallExpr(p.Call)
}

// madeIn names the function that makes the root.
func madeIn(p *ctxflow.Path) string {
	if fn := rootFunc(p); fn != nil {
		return fn.Name()
	}
	return p.Root.In
}

// rootFunc returns the function that makes the root, or nil if it lies in
// another package.
func rootFunc(p *ctxflow.Path) *ssa.Function {
	if p.Root.Call == nil {
		return nil
	}
	return p.Root.Call.Parent()
}
