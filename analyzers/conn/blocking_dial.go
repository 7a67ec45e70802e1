package conn

import (
	"fmt"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// blockingDial reports dials that wait for the connection, however long that
// takes.
func blockingDial(pass *report.Pass) error {
	info := dials(pass)
	for _, d := range info.Dials {
		if !d.Options.Known() || !dial.Waits(&d.Options) || pass.InTest(d.Instr.Pos()) {
			continue
		}
		if d.Options.Has("WithTimeout", "FailOnNonTempDialError") {
			continue
		}
		what := ""
		switch {
		case d.Name == "Dial":
			what = "grpc.Dial has no timeout"
		case d.Name == "DialContext" && isRoot(d.Context):
			what = "its context has no deadline"
		default:
			continue
		}
		from, to := callee(info, d.Instr)
		f := finding.Finding{
			Pos: from, End: to, Subject: d.Name,
			Message: fmt.Sprintf("hangs for as long as the server is down: %s waits for the connection, and %s", d.By, what),
		}
		if pass.Pkg.Name() == "main" {
			f.Severity = rule.Info // a program may have nothing else to do
		}
		for i := range d.Options.List {
			opt := &d.Options.List[i]
			if opt.Name != "WithBlock" && opt.Name != "WithReturnConnectionError" {
				continue
			}
			if expr := optionExpr(info, opt); expr != nil {
				f.Related = append(f.Related, finding.Related{Message: "this option makes it wait", Pos: expr.Pos(), End: expr.End()})
			}
		}
		pass.Report("conn/blocking-dial", f)
	}
	return nil
}

// isRoot: context.Background() or context.TODO() itself.
func isRoot(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	fn := program.CalledObject(&call.Call)
	return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "context" && (fn.Name() == "Background" || fn.Name() == "TODO")
}
