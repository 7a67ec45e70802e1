package serviceconfig_test

import (
	"go/token"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/protocheck/serviceconfig/internal/differential"
	"github.com/grpclint/grpclint/rule"
)

// everyOption is a set of options under which all code runs.
var everyOption = []serviceconfig.Options{
	{Dialect: serviceconfig.Runtime},
	{Dialect: serviceconfig.GAPIC},
	{Dialect: serviceconfig.Runtime, GRPCGo: "1.69.0", MaxCallAttempts: 100},
	{Dialect: serviceconfig.Runtime, GRPCGo: "1.60.1", DisableRetry: true},
	{Choices: true},
}

// invariants are what holds for the findings of every config.
func invariants(t testing.TB, file *token.File, src string, findings []finding.Finding) {
	t.Helper()
	if !slices.IsSortedFunc(findings, func(a, b finding.Finding) int { return int(a.Pos - b.Pos) }) {
		t.Errorf("findings are not sorted in\n%s", src)
	}
	for _, f := range findings {
		start, end := file.Offset(f.Pos), file.Offset(f.End)
		message := f.Message
		switch {
		case end < start:
			t.Errorf("range %d to %d", start, end)
		case utf8.RuneCountInString(message) >= 140 || message == "":
			t.Errorf("message of %d bytes: %s", len(message), message)
		case strings.ContainsFunc(message, func(r rune) bool { return !unicode.IsPrint(r) && r != ' ' }):
			t.Errorf("message %q", message)
		case strings.Contains(message, " should") || strings.Contains(message, "please") || strings.HasSuffix(message, ".") && !strings.HasSuffix(message, "..."):
			t.Errorf("tone of %s", message)
		case f.EffectiveSeverity() > f.Rule.Severity || f.EffectiveSeverity() < rule.Info:
			t.Errorf("severity %v of %s", f.EffectiveSeverity(), f.Rule.ID)
		case f.Effect == "":
			t.Errorf("no effect: %s", message)
		case len(message) == 0:
			t.Errorf("no message")
		default:
			for _, r := range f.Related {
				if !r.Pos.IsValid() || r.End < r.Pos || r.Message == "" {
					t.Errorf("related %+v of %s", r, message)
				}
			}
			checkFixes(t, f)
			continue
		}
		t.Errorf("%s in\n%s", f.Rule.ID, src)
	}
}

func checkFixes(t testing.TB, f finding.Finding) {
	t.Helper()
	for _, fix := range f.Fixes {
		if fix.Message == "" || len(fix.Edits) == 0 {
			t.Errorf("empty fix of %s", f.Message)
		}
		if f.Rule.Fix == rule.NoFix || fix.Safe && f.Rule.Fix != rule.SafeFix {
			t.Errorf("%s has a fix that its page does not promise", f.Rule.ID)
		}
		for i, e := range fix.Edits {
			if e.End < e.Pos {
				t.Errorf("edit %+v of %s", e, f.Message)
			}
			for _, other := range fix.Edits[:i] {
				if e.Pos < other.End && other.Pos < e.End {
					t.Errorf("edits overlap: %s", f.Message)
				}
			}
		}
	}
}

func hasRejected(findings []finding.Finding) bool {
	return slices.ContainsFunc(findings, func(f finding.Finding) bool { return f.Effect == finding.Rejected })
}

// apply makes a fix's edits.
func apply(file *token.File, src string, fix finding.Fix) string {
	edits := slices.Clone(fix.Edits)
	slices.SortFunc(edits, func(a, b finding.Edit) int { return int(b.Pos - a.Pos) })
	for _, e := range edits {
		src = src[:file.Offset(e.Pos)] + e.NewText + src[file.Offset(e.End):]
	}
	return src
}

// count counts findings by rule, and by rule and message.
func count(findings []finding.Finding) map[string]int {
	counts := make(map[string]int)
	for _, f := range findings {
		counts[f.Rule.ID]++
		counts[f.Rule.ID+f.Message]++
	}
	return counts
}

// What every finding must be, over generated configs; and a fix takes its
// finding away and leaves JSON.
func TestInvariants(t *testing.T) {
	g := differential.NewGenerator(3, differential.Plain)
	seen := make(map[string]bool)
	for range 15_000 {
		config := g.Config()
		for _, opts := range everyOption {
			file, findings := check(t, "config.json", config, opts)
			invariants(t, file, config, findings)
			if t.Failed() {
				return
			}
			for _, f := range findings {
				seen[f.Rule.ID] = true
				for _, fix := range f.Fixes {
					fixed := apply(file, config, fix)
					_, left := check(t, "config.json", fixed, opts)
					if refused := hasRejected(left); fix.Safe && refused && !hasRejected(findings) {
						t.Errorf("%s: a safe fix makes grpc-go refuse the config:\n%s\n%s", f.Rule.ID, config, fixed)
						return
					}
					before, after := count(findings), count(left)
					if key := f.Rule.ID + f.Message; after[key] >= before[key] && after[f.Rule.ID] >= before[f.Rule.ID] && f.Rule.Name() != "rejected" {
						t.Errorf("%s: the fix leaves the finding %q:\n%s\n%s", f.Rule.ID, f.Message, config, fixed)
						return
					}
				}
			}
		}
	}
	for _, r := range rule.Family("serviceconfig") {
		if !seen[r.ID] {
			t.Logf("no generated config has %s", r.ID)
		}
	}
}
