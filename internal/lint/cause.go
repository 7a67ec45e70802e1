package lint

import (
	"cmp"
	"slices"

	"github.com/grpclint/grpclint/finding"
)

// A Part is one of several things that one finding speaks of, see
// [finding.Cause].
type Part struct {
	Name, Says string
	Range
}

// join makes one finding of those that have the same cause, in whatever
// package or build. What the configuration excludes is not spoken of.
func (r *run) join(found []*located) []*located {
	type cause struct{ program, rule, key string }
	homes := make(map[cause]*located)
	excluded := func(l *located) bool {
		return l.source.Generated && !r.options.Generated || r.options.Policy.Excluded(l.Path, l.Rule)
	}
	of := func(l *located) (cause, bool) {
		if l.source.Cause == nil || l.source.Cause.Key == "" || excluded(l) {
			return cause{}, false
		}
		program := ""
		if r.options.ProgramOf != nil {
			program = r.options.ProgramOf(l.pkgPath)
		}
		return cause{program, l.Rule.ID, l.source.Cause.Key}, true
	}
	for _, l := range found {
		if c, ok := of(l); ok && (homes[c] == nil || l.source.Cause.Home && !homes[c].source.Cause.Home) {
			homes[c] = l
		}
	}
	return slices.DeleteFunc(found, func(l *located) bool {
		c, ok := of(l)
		home := homes[c]
		if !ok || home == l {
			return false
		}
		home.take(l)
		return true
	})
}

// take adds what another finding with the same cause speaks of.
func (l *located) take(other *located) {
	l.Parts = append(l.Parts, other.Parts...)
	l.Also = append(append(l.Also, other.Fingerprint), other.Also...)
	l.Message = message(l.Parts)
	if other.Range != l.Range {
		here := "the context reaches " + other.Parts[0].Name + " here"
		if also := other.source.Cause.Also; also != "" {
			here = other.Parts[0].Name + " " + also + " here"
		}
		l.Related = append(l.Related, Related{Message: here, Range: other.Range})
	}
	for _, place := range other.Related {
		if !slices.Contains(l.Related, place) && place.Range != l.Range {
			l.Related = append(l.Related, place)
		}
	}
	// One cause has one severity, the worst that is known.
	l.source.Severity = max(l.source.EffectiveSeverity(), other.source.EffectiveSeverity())
}

// message is that of a finding that is at the first of some parts.
func message(parts []Part) string {
	list := make([]finding.Part, len(parts))
	for i, p := range parts {
		list[i] = finding.Part{Name: p.Name, Says: p.Says}
	}
	return finding.Message(list)
}

// Narrow leaves of a finding only those of its parts that are wanted, and
// puts it at the first of them. It reports false if it has none of these.
func (f *Finding) Narrow(wanted func(Range) bool) bool {
	parts := slices.DeleteFunc(slices.Clone(f.Parts), func(p Part) bool { return !wanted(p.Range) })
	if len(parts) == 0 {
		return false
	}
	first := slices.MinFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	before := Related{Message: "the whole finding is here", Range: f.Range}
	f.Range, f.Parts = first.Range, parts
	f.Message = message(append([]Part{first}, parts...))
	f.Related = append([]Related{before}, f.Related...)
	f.Related = slices.DeleteFunc(f.Related, func(r Related) bool { return r.Range == f.Range })
	return true
}

// locateParts finds the places of what a finding speaks of.
func (l *locator) locateParts(o *origin) []Part {
	if o.Cause == nil {
		return nil
	}
	var parts []Part
	for _, p := range o.Cause.Parts {
		parts = append(parts, Part{p.Name, p.Says, l.span(o.pkg, p.Pos, p.End)})
	}
	return parts
}

// others are the fingerprints that a finding would have if another of its
// parts were the first.
func others(source *finding.Finding, of func(subject string) string) []string {
	if source.Cause == nil {
		return nil
	}
	var list []string
	for _, p := range source.Cause.Parts {
		if p.Subject != source.Subject && !slices.Contains(list, of(p.Subject)) {
			list = append(list, of(p.Subject))
		}
	}
	return list
}
