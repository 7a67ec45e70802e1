package conn

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// timeoutWithoutBlock reports timeouts on a dial that does not wait for
// anything.
func timeoutWithoutBlock(pass *report.Pass) error {
	info := dials(pass)
	for _, d := range info.Dials {
		if d.Name == "NewClient" {
			continue // NewClient's options are conn/ignored-option's
		}
		if !d.Options.Known() || dial.Waits(&d.Options) {
			continue // waits, or may
		}
		reported := false
		for i := range d.Own.List {
			opt := &d.Own.List[i]
			if opt.Name == "WithTimeout" && !reported {
				reported = true
				reportTimeoutOption(pass, info, d.Instr, d.Func, opt)
			}
		}
		if d.Context != nil && !reported {
			reportTimeoutContext(pass, info, d)
		}
	}
	for _, p := range info.PassedOptions(false) {
		if !p.Options.Known() || dial.Waits(&p.Options) {
			continue
		}
		for i := range p.Options.List {
			if opt := &p.Options.List[i]; opt.Name == "WithTimeout" {
				reportTimeoutOption(pass, info, p.Instr, p.Func, opt)
				break
			}
		}
	}
	return nil
}

func reportTimeoutOption(pass *report.Pass, info *dial.Info, call *ssa.Call, fn *ssa.Function, opt *dial.Option) {
	f := finding.Finding{
		Subject: "WithTimeout",
		Message: "the dial never times out: without grpc.WithBlock it returns at once and ignores grpc.WithTimeout",
	}
	expr := optionExpr(info, opt)
	if expr != nil && sameFunction(opt, fn) {
		f.Pos, f.End = expr.Pos(), expr.End()
	} else {
		f.Pos, f.End = callee(info, call)
		related := finding.Related{Message: "grpc.WithTimeout comes from here"}
		if expr != nil {
			related.Pos, related.End = expr.Pos(), expr.End()
		} else {
			at := opt.Place
			related.Remote = &at
		}
		f.Related = append(f.Related, related)
	}
	pass.Report("conn/timeout-without-block", f)
}

// reportTimeoutContext reports a context with a timeout that was made for
// dials alone. One that RPCs use too, or a dial that waits, has its purpose
// there.
func reportTimeoutContext(pass *report.Pass, info *dial.Info, d *dial.Call) {
	x := info.Program()
	sources := x.Sources(d.Context)
	if len(sources) != 1 {
		return
	}
	ctx, ok := sources[0].(*ssa.Extract)
	if !ok || ctx.Index != 0 {
		return // not the result of a call
	}
	made, ok := ctx.Tuple.(*ssa.Call)
	if !ok {
		return
	}
	callee := made.Call.StaticCallee()
	if callee == nil || callee.Pkg == nil || callee.Pkg.Pkg.Path() != "context" {
		return
	}
	switch callee.Name() {
	case "WithTimeout", "WithDeadline", "WithTimeoutCause", "WithDeadlineCause":
	default:
		return
	}
	alone := true // used for nothing else than dials that do not wait
	x.Follow(ctx, func(_ ssa.Value, by ssa.Instruction) bool {
		alone = slices.ContainsFunc(info.Dials, func(other *dial.Call) bool {
			return by == ssa.Instruction(other.Instr) && other.Options.Known() && !dial.Waits(&other.Options)
		})
		return alone
	})
	if !alone {
		return
	}
	expr := info.Expr(d.Instr)
	if expr == nil {
		return
	}
	f := finding.Finding{
		Pos: expr.Args[0].Pos(), End: expr.Args[0].End(),
		Subject: callee.Name(),
		Message: "the dial never times out: without grpc.WithBlock it returns at once and ignores the context's deadline",
	}
	if makes := info.Expr(made); makes != nil {
		f.Related = append(f.Related, finding.Related{Message: "the deadline is set here", Pos: makes.Pos(), End: makes.End()})
	}
	pass.Report("conn/timeout-without-block", f)
}
