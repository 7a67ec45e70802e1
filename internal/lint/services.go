package lint

import (
	"maps"
	"slices"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// services is what all modules of a program tell of both ends of RPCs.
type services struct {
	calls       []RPCCall
	handlers    []Handler
	retries     []Retry
	comparisons []comparison
}

// A comparison is a branch for one status code of an RPC's error.
type comparison struct {
	Methods []string // "package.Service/Method", all that it may be of
	Code    int
	Is      string // the code, as it is written
	At      Range
	PkgPath string
	In      string // the function
}

// wants reports whether findings of a rule would be shown.
func (r *run) wants(id string) bool {
	known := rule.MustLookup(id)
	severity := r.options.Policy.Severity(known)
	return severity != rule.Off && min(severity, known.Severity) >= r.options.Policy.Lowest(known, r.report.lowest)
}

// bothEnds are the rules that know both ends of RPCs.
var bothEnds = []string{"deadline/inverted", "retry/stacked", "status/unreachable-code"}

// judgeServices runs the rules on both ends of RPCs, when all modules have been
// looked at.
func (r *run) judgeServices() {
	if !slices.ContainsFunc(bothEnds, r.wants) {
		return
	}
	programs := r.servicesByProgram()
	for _, name := range slices.Sorted(maps.Keys(programs)) {
		s := programs[name]
		if r.wants("deadline/inverted") {
			r.found = append(r.found, inverted(s.calls)...)
		}
		if r.wants("retry/stacked") {
			found, silent, directives := stackedOver(s)
			r.found, r.silent = append(ofUse(r.found, directives), found...), append(r.silent, silent...)
		}
		if r.wants("status/unreachable-code") {
			r.found = append(r.found, unreachableCodes(s.comparisons, s.handlers)...)
		}
	}
}

// servicesByProgram divides what was noted: there is one program, but in tests
// of many at once.
func (r *run) servicesByProgram() map[string]*services {
	programs := make(map[string]*services)
	of := func(pkgPath string) *services {
		name := ""
		if r.options.ProgramOf != nil {
			name = r.options.ProgramOf(pkgPath)
		}
		if programs[name] == nil {
			programs[name] = new(services)
		}
		return programs[name]
	}
	for _, c := range r.report.Calls {
		s := of(c.PkgPath)
		s.calls = append(s.calls, c)
	}
	for _, h := range r.report.Handlers {
		s := of(h.PkgPath)
		s.handlers = append(s.handlers, h)
	}
	for _, retry := range r.report.Retries {
		s := of(retry.PkgPath)
		s.retries = append(s.retries, retry)
	}
	for _, c := range r.comparisons {
		s := of(c.PkgPath)
		s.comparisons = append(s.comparisons, c)
	}
	return programs
}

// ofUse leaves out what was said of selectors of directives, in a package by
// itself: that they silence nothing.
func ofUse(found []*located, selectors []Range) []*located {
	return slices.DeleteFunc(found, func(l *located) bool {
		return l.Rule.ID == "suppress/unused" && slices.ContainsFunc(selectors, func(s Range) bool {
			return s.File == l.File && s.Line == l.Line && s.Column == l.Column
		})
	})
}

// onBothEnds makes a finding of a rule that knows both ends of an RPC.
func onBothEnds(id, pkgPath, in, method, message string, at Range, related ...Related) *located {
	known := rule.MustLookup(id)
	return &located{
		Finding: Finding{Rule: known, Message: message, Method: method, Linked: true, Range: at, Related: related},
		source:  &finding.Finding{Rule: known, Message: message, Decl: in, Subject: "/" + method, Linked: true},
		pkgPath: pkgPath,
	}
}
