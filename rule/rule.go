// Package rule is the catalogue: the id, severity, default and page of
// every rule of every family.
//
// It imports the standard library only, so that analyzers, the proto
// checks, editors' plug-ins and documentation tools can all read the same
// catalogue. The single source of a rule is its page, a Markdown file below
// pages/ whose front matter holds the metadata; everything else that speaks
// of a rule (docs/rules, the table in README, explain, SARIF's rule help)
// is derived from it.
package rule

import (
	"fmt"
	"strings"
)

// A Rule describes one kind of finding.
type Rule struct {
	ID       string   // "family/name"; never changes its meaning
	Summary  string   // one line without a final full stop
	Severity Severity // severity of its findings unless they carry a lower one
	On       bool     // whether it runs when nothing is configured
	InTests  Severity // of its findings in test code, at most; Off: it has none there; zero: as elsewhere
	Tags     []string // sorted, of [Tags]
	Since    string   // version of grpclint that had it first
	Fix      FixKind  // strongest kind of fix that its findings may carry
	Aliases  []string // former ids, still accepted everywhere

	page string // Markdown below the front matter
}

// Family returns the part of the id before the slash.
func (r *Rule) Family() string {
	family, _, _ := strings.Cut(r.ID, "/")
	return family
}

// Name returns the part of the id after the slash.
func (r *Rule) Name() string {
	_, name, _ := strings.Cut(r.ID, "/")
	return name
}

// Page returns the rule's explanation in Markdown, from "## What it
// reports" to "## Sources".
func (r *Rule) Page() string { return r.page }

// URL returns the address of the rule's page.
func (r *Rule) URL() string {
	return "https://github.com/grpclint/grpclint/blob/main/docs/rules/" + r.ID + ".md"
}

// A Severity says how bad a finding is. The zero value is invalid; Off is
// used in configuration only.
type Severity int

// Severities, in rising order.
const (
	Off Severity = iota + 1
	Info
	Warning
	Error
)

var severityNames = [...]string{Off: "off", Info: "info", Warning: "warning", Error: "error"}

func (s Severity) String() string {
	if s < Off || s > Error {
		return fmt.Sprintf("Severity(%d)", int(s))
	}
	return severityNames[s]
}

// ParseSeverity is the inverse of [Severity.String].
func ParseSeverity(text string) (Severity, error) {
	for s := Off; s <= Error; s++ {
		if severityNames[s] == text {
			return s, nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q (known: error, warning, info, off)", text)
}

// A FixKind says what a rule's fixes may be used for.
type FixKind int

const (
	// NoFix means that findings carry no fix.
	NoFix FixKind = iota
	// SuggestedFix means that a person has to look at the fix.
	SuggestedFix
	// SafeFix means that the fix keeps the program's meaning but for the
	// defect, so that -fix may apply it unseen.
	SafeFix
)

var fixNames = [...]string{NoFix: "none", SuggestedFix: "suggested", SafeFix: "safe"}

func (k FixKind) String() string { return fixNames[k] }
