package analyzers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/internal/wanttest"
	"github.com/grpclint/grpclint/rule"
)

// TestSeverity checks the findings that have another severity than their
// rule's: a program that ends by itself hangs before its user's eyes.
func TestSeverity(t *testing.T) {
	severities := map[string]rule.Severity{
		"deadline/missing/oneshot/main.go":    rule.Info,
		"deadline/missing/cli/cli.go":         rule.Info,
		"deadline/missing/worker/main.go":     rule.Warning,
		"deadline/missing/server/main.go":     rule.Warning,
		"deadline/missing/injected/use.go":    rule.Warning,
		"deadline/nonpositive/cases.go":       rule.Error,
		"deadline/deferredcancel/cases.go:52": rule.Info, // over a literal

		"server/nilfield/recovered/recovered.go":                  rule.Warning, // the RPC fails, the process goes on
		"server/zerolimit/proof_test.go:48":                       rule.Info,    // no limit, as one may want
		"server/zerolimit/proof_test.go:44":                       rule.Warning, // harms nobody who does not run the test
		"server/lateregister/proof_test.go":                       rule.Warning,
		"server/duplicateinterceptor/duplicateinterceptor.go:61:": rule.Warning, // of a connection
	}
	s := wanttest.Open(t, "../testdata/src")
	seen := make(map[string]bool)
	for _, f := range s.Analyze(t, analyzers.All()).Findings {
		at := fmt.Sprintf("%s:%d:", f.File, f.Line)
		for place, severity := range severities {
			if !strings.HasPrefix(at, place) || !f.Rule.On {
				continue
			}
			seen[place] = true
			if f.Severity != severity {
				t.Errorf("%s: %s is %s, not %s", at, f.Rule.ID, f.Severity, severity)
			}
		}
	}
	for place := range severities {
		if !seen[place] {
			t.Errorf("%s: no finding", place)
		}
	}
}
