package conn

import (
	"fmt"
	"slices"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// perCall reports connections that are opened for every request or in every
// turn of a loop.
func perCall(pass *report.Pass) error {
	info := dials(pass)
	for _, p := range info.PerCall {
		if pass.InTest(p.Instr.Pos()) || ignoredAtEntry(pass, p) {
			continue
		}
		from, to := callee(info, p.Instr)
		f := finding.Finding{Pos: from, End: to, Subject: p.Opener}
		calls := slices.Clone(p.Chain)
		if last := calls[len(calls)-1]; last != p.Opener {
			calls = append(calls, p.Opener)
		}
		if p.Acquisition != nil {
			calls = append(calls, p.Acquisition.Via...)
		}
		const room = 80
		path := say.Chain(calls, room)
		if p.Entry != nil {
			who := "every " + p.Entry.Unit + " opens"
			if p.Sometimes {
				who = article(p.Entry.Unit) + " can open"
			}
			f.Message = fmt.Sprintf("%s a new connection: %s", who, path)
			if p.Optional {
				f.Severity = rule.Info // a setting decides
			}
			f.Related = append(f.Related, finding.Related{
				Message: p.Entry.What + " " + dial.Name(p.Entry.Func),
				Pos:     p.Entry.Func.Pos(), End: p.Entry.Func.Pos(),
			})
			if p.RequestTarget {
				// A proxy: each request names its own server.
				f.Severity = rule.Info
				f.Message = fmt.Sprintf("%s a new connection to a target of its own: %s", who, path)
			}
		} else {
			f.Message = "every turn of the loop opens a new connection to the same target: " + path
			if p.Loop.IsValid() {
				f.Related = append(f.Related, finding.Related{Message: "the loop", Pos: p.Loop, End: p.Loop})
			}
		}
		if p.Remote != nil {
			f.Related = append(f.Related, finding.Related{Message: "opened by " + p.Opener, Remote: p.Remote})
		}
		pass.Report("conn/per-call", f)
	}
	return nil
}

// article says "a request", "an RPC".
func article(unit string) string {
	if unit == "RPC" {
		return "an " + unit
	}
	return "a " + unit
}

// ignoredAtEntry reports whether a directive speaks for the function that
// is called again and again.
func ignoredAtEntry(pass *report.Pass, p *dial.PerCall) bool {
	return p.Entry != nil && p.Entry.Func != p.Func && pass.Ignored("conn/per-call", p.Entry.Func.Pos())
}
