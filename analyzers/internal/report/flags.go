package report

import (
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// flags are those that every family has in vet mode and in plug-ins, where
// no config file is read: the driver's cache would not notice its edits.
type flags struct {
	enable, disable ruleList
	severity        severityFlag
}

func newFlags(family string, set *flag.FlagSet) *flags {
	f := &flags{
		enable:   ruleList{family: family},
		disable:  ruleList{family: family},
		severity: severityFlag(rule.Warning),
	}
	set.Var(&f.enable, "enable", "comma-separated rules of the family to switch on (or \"all\")")
	set.Var(&f.disable, "disable", "comma-separated rules of the family to switch off (or \"all\")")
	set.Var(&f.severity, "severity", "lowest severity to report: error, warning or info")
	return f
}

func (f *flags) enabled(r *rule.Rule) bool {
	if f.disable.has(r) {
		return false
	}
	return r.On || f.enable.has(r)
}

// shows says whether a finding goes to the driver. A rule that was switched
// on by name is shown whatever its severity.
func (f *flags) shows(found *finding.Finding) bool {
	if found.Generated || !f.enabled(found.Rule) {
		return false
	}
	return found.EffectiveSeverity() >= rule.Severity(f.severity) || f.enable.has(found.Rule)
}

// ruleList is a flag.Value: ids, or names within the family.
type ruleList struct {
	family string
	ids    []string
}

func (l *ruleList) String() string { return strings.Join(l.ids, ",") }

func (l *ruleList) Set(text string) error {
	l.ids = nil
	for item := range strings.SplitSeq(text, ",") {
		item = strings.TrimSpace(item)
		if item == "" {
			continue
		}
		if item == "all" || item == l.family {
			l.ids = append(l.ids, l.family)
			continue
		}
		if !strings.Contains(item, "/") {
			item = l.family + "/" + item
		}
		r, ok := rule.Lookup(item)
		if !ok || r.Family() != l.family {
			return fmt.Errorf("unknown rule %q of family %s (nearest: %s)", item, l.family, rule.Nearest(item))
		}
		l.ids = append(l.ids, r.ID)
	}
	return nil
}

func (l *ruleList) has(r *rule.Rule) bool {
	return slices.Contains(l.ids, l.family) || slices.Contains(l.ids, r.ID)
}

// severityFlag is a flag.Value.
type severityFlag rule.Severity

func (s *severityFlag) String() string {
	if *s == 0 {
		return "" // the zero value that package flag makes to compare defaults
	}
	return rule.Severity(*s).String()
}

func (s *severityFlag) Set(text string) error {
	severity, err := rule.ParseSeverity(text)
	if err != nil {
		return err
	}
	*s = severityFlag(severity)
	return nil
}
