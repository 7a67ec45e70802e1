package finding_test

import (
	"slices"
	"testing"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/rule"
)

func TestSettle(t *testing.T) {
	of := func(part string, c claim.Condition) claim.Condition { c.Part = part; return c }
	lowered := func(to rule.Severity, c claim.Condition) claim.Condition { c.Lowered = to; return c }
	one, two, three := claim.Unless("one"), claim.Unless("two"), claim.Unless("three")
	tests := []struct {
		name          string
		standsOn      []claim.Condition
		refuted       []claim.Kind
		left, changed bool
		severity      rule.Severity
		subject       string // of the first part
	}{
		{"on nothing", nil, []claim.Kind{"one"}, true, false, rule.Error, "A"},
		{"on what holds", []claim.Condition{one, lowered(rule.Info, two), of("A", three)}, nil, true, false, rule.Error, "A"},
		{"on what does not", []claim.Condition{two, one}, []claim.Kind{"one"}, false, true, 0, ""},
		{"lowered", []claim.Condition{lowered(rule.Warning, one)}, []claim.Kind{"one"}, true, true, rule.Warning, "A"},
		{"the lowest counts", []claim.Condition{lowered(rule.Info, one), lowered(rule.Warning, two)}, []claim.Kind{"one", "two"}, true, true, rule.Info, "A"},
		{"it is as low", []claim.Condition{lowered(rule.Error, one)}, []claim.Kind{"one"}, true, false, rule.Error, "A"},
		{"lowered and taken back", []claim.Condition{lowered(rule.Info, one), two}, []claim.Kind{"one", "two"}, false, true, 0, ""},
		{"one part", []claim.Condition{of("A", one), of("B", two)}, []claim.Kind{"one"}, true, true, rule.Error, "B"},
		{"the other part", []claim.Condition{of("A", one), of("B", two)}, []claim.Kind{"two"}, true, true, rule.Error, "A"},
		{"one part for one of two reasons", []claim.Condition{of("A", one), of("A", two)}, []claim.Kind{"two"}, true, true, rule.Error, "B"},
		{"all parts", []claim.Condition{of("A", one), of("B", two)}, []claim.Kind{"one", "two"}, false, true, 0, ""},
		{"a part that is not there", []claim.Condition{of("C", one)}, []claim.Kind{"one"}, true, false, rule.Error, "A"},
		{"a part, and lowered", []claim.Condition{of("A", one), lowered(rule.Info, two)}, []claim.Kind{"one", "two"}, true, true, rule.Info, "B"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := finding.Finding{
				Rule: &rule.Rule{Severity: rule.Error}, StandsOn: test.standsOn, Subject: "A",
				Cause: &finding.Cause{Parts: []finding.Part{{Name: "A", Subject: "A", Pos: 1}, {Name: "B", Subject: "B", Pos: 2}}},
			}
			left, changed := f.Settle(func(c *claim.Condition) bool { return slices.Contains(test.refuted, c.Kind) })
			if left != test.left || changed != test.changed {
				t.Fatalf("left: %t, changed: %t; want %t, %t", left, changed, test.left, test.changed)
			}
			if left && (f.EffectiveSeverity() != test.severity || f.Subject != test.subject) {
				t.Errorf("about %s, %s; want %s, %s", f.Subject, f.EffectiveSeverity(), test.subject, test.severity)
			}
		})
	}
	f := finding.Finding{Rule: &rule.Rule{Severity: rule.Error}, StandsOn: []claim.Condition{of("A", one)}}
	if left, changed := f.Settle(func(*claim.Condition) bool { return true }); !left || changed {
		t.Error("a finding without parts changes for one")
	}
}
