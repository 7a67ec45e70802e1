package finding

import "github.com/grpclint/grpclint/finding/claim"

// Settle takes back or lowers a finding, or takes out those of its parts,
// whose conditions are refuted. It reports whether anything is left, and
// whether it has changed.
func (f *Finding) Settle(refuted func(*claim.Condition) bool) (left, changed bool) {
	gone := make(map[string]bool) // parts, by subject
	severity := f.EffectiveSeverity()
	for i := range f.StandsOn {
		c := &f.StandsOn[i]
		switch {
		case c.Part != "" && (gone[c.Part] || f.Cause == nil), !refuted(c):
		case c.Part != "":
			gone[c.Part] = true
		case c.Lowered == 0:
			return false, true
		default:
			severity = min(severity, c.Lowered)
		}
	}
	if len(gone) > 0 {
		before := len(f.Cause.Parts)
		if !f.Without(func(subject string) bool { return gone[subject] }) {
			return false, true
		}
		changed = len(f.Cause.Parts) < before
	}
	if severity < f.EffectiveSeverity() {
		f.Severity, changed = severity, true
	}
	return true, changed
}
