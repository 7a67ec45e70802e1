// Package cancel finds work for an RPC that goes on after the RPC has ended.
package cancel

import (
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// Analyzer runs the rules of the family.
var Analyzer = report.Family("cancel",
	"find work that goes on after its RPC has ended\n\nHandlers, and what they call, that do not notice that the client has gone.",
	[]*analysis.Analyzer{stub.Analyzer, program.Analyzer, streams.Analyzer, handling.Analyzer, syntax.Analyzer},
	report.Check{Rules: []string{"cancel/sleep"}, Run: sleep},
	report.Check{Rules: []string{"cancel/ignored-send"}, Run: ignoredSend},
	report.Check{Rules: []string{"cancel/loop"}, Run: loop},
	report.Check{Rules: []string{"cancel/channel"}, Run: channel},
	report.Check{Rules: []string{"cancel/goroutine"}, Run: goroutine},
	report.Check{Rules: []string{"cancel/stream-after-return"}, Run: streamAfterReturn},
	report.Check{Rules: []string{"cancel/cleanup"}, Run: cleanup},
	report.Check{Rules: []string{"cancel/unbuffered-result"}, Run: unbufferedResult},
	report.Check{Rules: []string{"cancel/no-context-variant"}, Run: noContextVariant},
	report.Check{Rules: []string{"cancel/rollback"}, Run: rollback},
)

func handlers(pass *report.Pass) *handling.Info {
	return pass.ResultOf[handling.Analyzer].(*handling.Info)
}

// sites are those of one kind that a handler of this package is known to
// come to.
func sites(pass *report.Pass, kind handling.Kind) []*handling.Site {
	var list []*handling.Site
	for _, s := range handlers(pass).Sites {
		if s.Kind == kind && s.Frame.Handler != nil {
			list = append(list, s)
		}
	}
	return list
}

// found begins a finding about a site: at the site if it is in this package,
// else at the call that leads there.
func found(pass *report.Pass, s *handling.Site) finding.Finding {
	from, to := handlers(pass).Range(s)
	f := finding.Finding{Pos: from, End: to, Subject: s.Frame.Subject()}
	if s.Remote != nil {
		f.Related = append(f.Related, finding.Related{Message: "here", Remote: s.Remote})
	}
	return f
}

// via says " (load → fetch)": the functions between the handler and a site.
func via(s *handling.Site) string {
	return say.Via(slices.Concat(s.Frame.Chain, s.Via))
}
