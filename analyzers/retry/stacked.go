package retry

import (
	"fmt"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// stacked reports retries inside of retries: the attempts of one are made for
// each of the other.
func stacked(pass *report.Pass) error {
	reported := make(map[*ssa.Call]bool)
	for _, s := range retries(pass) {
		if pass.InTest(s.Call.Pos()) || reported[s.Call] {
			continue
		}
		layers := layersOf(pass, s)
		if len(layers) < 2 {
			continue
		}
		reported[s.Call] = true
		from, to := place(pass, s)
		reportStacked(pass, from, to, s.RPC.FullMethod, name(s)+through(s), layers, related(pass, s))
	}
	for _, conn := range conns(pass).Conns {
		if conn.Dial == nil || conn.Unary == nil || conn.UnaryCall == nil {
			continue
		}
		policy, of := conn.PolicyOf()
		if policy == nil || conn.Unary.Attempts < 2 || policy.Codes&conn.Unary.Codes == 0 {
			continue
		}
		what := "every RPC"
		if of != "" {
			what = say.RPC(of)
			if !strings.Contains(of, "/") {
				what = "an RPC of " + say.Last(of)
			}
		}
		from, to := callee(pass, conn.UnaryCall)
		reportStacked(pass, from, to, of, what, []retryshape.Layer{*conn.Unary, *policy}, nil)
	}
	return nil
}

// layersOf lists what tries an RPC again, the outermost first, as far as what
// one gives up on is what the next one tries again.
func layersOf(pass *report.Pass, s *retryshape.Shape) []retryshape.Layer {
	var layers []retryshape.Layer
	if s.Around != nil {
		layers = append(layers, *s.Around)
	}
	own := retryshape.Layer{Name: "this loop", Attempts: s.Attempts, Codes: s.Retried & codeflow.Failures}
	if s.Run != nil {
		own.Name = s.Run.Name
	}
	layers = append(layers, own)
	codes := own.Codes
	inside := func(l *retryshape.Layer) {
		if l == nil || l.Attempts == 1 || l.Codes&codes == 0 {
			return
		}
		codes = l.Codes
		layers = append(layers, *l)
	}
	inside(s.Within)
	call := s.Stub()
	if call == nil {
		return layers // with options of its own perhaps
	}
	option, listed := conns(pass).OfCall(call)
	conn := conns(pass).Of(s.RPC.FullMethod)
	switch {
	case listed && s.Run != nil && s.Run.Call == call:
		// the shape is the option's
	case listed:
		inside(option)
	case conn != nil:
		inside(conn.Unary)
	}
	if conn != nil {
		inside(conn.Policy(s.RPC.FullMethod))
	}
	return layers
}

func reportStacked(pass *report.Pass, from, to token.Pos, subject, what string, layers []retryshape.Layer, more []finding.Related) {
	product, known := 1, true
	parts := make([]string, len(layers))
	for i, l := range layers {
		if l.Attempts > 0 {
			product *= l.Attempts
			parts[i] = fmt.Sprintf("%d by %s", l.Attempts, l.Name)
		} else {
			known = false
			parts[i] = "those of " + l.Name
		}
	}
	f := finding.Finding{Pos: from, End: to, Subject: subject, Related: more}
	if known {
		f.Message = fmt.Sprintf("%s is attempted up to %d times: %s", what, product, strings.Join(parts, " × "))
	} else {
		f.Message = fmt.Sprintf("the attempts of %s multiply: %s", what, strings.Join(parts, " × "))
	}
	for _, l := range layers {
		if at := l.At; at.Package != "" {
			f.Related = append(f.Related, finding.Related{Message: "by " + l.Name, Remote: &at})
		}
	}
	pass.Report("retry/stacked", f)
}
