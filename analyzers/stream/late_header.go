package stream

import (
	"fmt"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/finding"
)

// lateHeader finds servers that set headers when they have been sent, and do
// not look at the error that says so.
func lateHeader(pass *report.Pass) error {
	info := known(pass)
	for _, c := range info.Calls {
		if c.Op != streams.SetHeader && c.Op != streams.SendHeader || c.Side != streams.Server || c.Value() == nil {
			continue
		}
		if before := sentBefore(info, c); before != nil {
			reportLate(pass, info, c.Value(), before, method(c), info.Subject(c))
		}
	}
	return nil
}

// sentBefore returns the call that has surely sent the header of the same
// stream before, in the same function, or nil.
func sentBefore(info *streams.Info, c *streams.Call) *ssa.Call {
	for _, d := range info.In(c.Func()) {
		if d.Op != streams.Send && d.Op != streams.SendHeader || d.Place != c.Place || d.Value() == nil {
			continue
		}
		if control.Dominates(d.Instr, c.Instr) {
			return d.Value()
		}
	}
	return nil
}

func reportLate(pass *report.Pass, info *streams.Info, late, before *ssa.Call, what, subject string) {
	call := expr(info, late)
	if call == nil || info.SSA.ErrorOf(late) != nil {
		return // somebody looks at the error
	}
	sender := "Send"
	if first := expr(info, before); first != nil {
		sender = "the call in line " + fmt.Sprint(pass.Line(first.Pos()))
	}
	f := finding.Finding{
		Pos: call.Pos(), End: call.End(), Subject: subject,
		Message: fmt.Sprintf("the client never sees this header: %s has sent the headers, and %s fails unnoticed", sender, what),
		Related: []finding.Related{{Message: "sends the headers", Pos: before.Pos(), End: before.Pos()}},
	}
	pass.Report("stream/late-header", f)
}
