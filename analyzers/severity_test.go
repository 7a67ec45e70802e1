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
	}
	s := wanttest.Open(t, "../testdata/src")
	seen := make(map[string]bool)
	for _, f := range s.Analyze(t, analyzers.All()).Findings {
		at := fmt.Sprintf("%s:%d", f.File, f.Line)
		for place, severity := range severities {
			if !strings.HasPrefix(at, place) {
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
