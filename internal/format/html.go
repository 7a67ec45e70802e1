package format

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/sourcetext"
	"github.com/grpclint/grpclint/internal/tables"
	"github.com/grpclint/grpclint/rule"
)

// page is one file without scripts and without anything to load: it works
// wherever a browser can open it, also where build servers forbid scripts.
//
//go:embed page.html
var page string

type (
	htmlPage struct {
		Title, Summary string
		Severities     []htmlSeverity // of the findings, highest first
		Rules          []htmlRule
		Files, Methods []htmlGroup
		WithoutMethod  string // how many findings are in none of Methods
		Errors         []string
		Partly         string // how many errors are left out
		Coverage       []tables.CoverageRow
		Deadlines      string // how many methods have one
		Codes          []htmlCodes
	}
	htmlRule struct {
		*rule.Rule
		Severity string // highest of the findings
		Findings []*htmlFinding
		Open     bool
	}
	htmlSeverity struct {
		Name  string
		Count int
	}
	htmlGroup struct {
		Name     string
		Findings []*htmlFinding
	}
	htmlFinding struct {
		*lint.Finding
		Number                int // from 1, in the order of the report
		RuleNumber            int // its index among the page's
		Severity              string
		Before, Marked, After string // of the source line, "" if it is not known
	}
	htmlCodes struct {
		tables.MethodCodes
		Mapped bool // clients may get other codes
	}
)

// unfolded is how many findings of a list are seen at once, and in how many
// the first lists of them are open.
const unfolded = 50

// Has names the severities of the findings, for the filter: "has-error-info".
func (r htmlRule) Has() string { return has(r.Findings) }

// Has is that of [htmlRule].
func (g htmlGroup) Has() string { return has(g.Findings) }

func has(findings []*htmlFinding) string {
	text := "has"
	for _, s := range severities {
		if slices.ContainsFunc(findings, func(f *htmlFinding) bool { return f.Finding.Severity == s }) {
			text += "-" + s.String()
		}
	}
	return text
}

// severities are those of findings.
var severities = [...]rule.Severity{rule.Error, rule.Warning, rule.Info}

// HTML writes the report as a page for browsers.
func HTML(w io.Writer, report *lint.Report) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"count": say.Count, "join": func(list []string) string { return strings.Join(list, " ") }, "text": visible.Text,
		"list":    func(list []string) string { return strings.Join(list, ", ") },
		"retries": func(attempts int) int { return attempts - 1 },
		"head":    func(list []*htmlFinding) []*htmlFinding { return list[:min(len(list), unfolded)] },
		"rest":    func(list []*htmlFinding) []*htmlFinding { return list[min(len(list), unfolded):] },
	}).Parse(page)
	if err != nil {
		return err
	}
	return t.Execute(w, pageOf(report))
}

func pageOf(report *lint.Report) *htmlPage {
	p := &htmlPage{Title: say.Count(len(report.Findings), "finding"), Summary: Summary(report)}
	if report.Project != "" {
		p.Title += " in " + report.Project
	}
	sources := make(sourcetext.Files)
	byRule := make(map[*rule.Rule][]*htmlFinding)
	byMethod := make(map[string][]*htmlFinding)
	without := 0
	for i := range report.Findings {
		f := &htmlFinding{Finding: &report.Findings[i], Number: i + 1, Severity: report.Findings[i].Severity.String()}
		f.Before, f.Marked, f.After, _ = excerpt(sources, f.Finding)
		f.Before = strings.TrimLeft(f.Before, " \t")
		byRule[f.Rule] = append(byRule[f.Rule], f)
		p.Files = appendTo(p.Files, f.File, f) // the report is sorted by file
		if f.Method == "" {
			without++
		} else {
			byMethod[f.Method] = append(byMethod[f.Method], f)
		}
	}
	for r, findings := range byRule {
		worst := slices.MaxFunc(findings, func(a, b *htmlFinding) int { return cmp.Compare(a.Finding.Severity, b.Finding.Severity) })
		p.Rules = append(p.Rules, htmlRule{Rule: r, Severity: worst.Severity, Findings: findings})
	}
	slices.SortFunc(p.Rules, func(a, b htmlRule) int {
		return cmp.Or(cmp.Compare(severityOf(b), severityOf(a)), cmp.Compare(a.ID, b.ID))
	})
	seen := 0
	for i := range p.Rules {
		r := &p.Rules[i]
		r.Open = seen < unfolded
		seen += len(r.Findings)
		for _, f := range r.Findings {
			f.RuleNumber = i
		}
	}
	for _, s := range severities {
		n := 0
		for i := range report.Findings {
			if report.Findings[i].Severity == s {
				n++
			}
		}
		if n > 0 {
			p.Severities = append(p.Severities, htmlSeverity{s.String(), n})
		}
	}
	for method, findings := range byMethod {
		p.Methods = append(p.Methods, htmlGroup{Name: method, Findings: findings})
	}
	slices.SortFunc(p.Methods, func(a, b htmlGroup) int { return cmp.Compare(a.Name, b.Name) })
	if without > 0 {
		p.WithoutMethod = say.Count(without, "finding")
	}
	for _, e := range report.Errors {
		if !e.Found || e.Partly == "" {
			p.Errors = append(p.Errors, errorText(e))
		}
	}
	if n := partly(report); n > 0 {
		p.Partly = say.Count(n, "file")
	}
	if report.Methods != nil {
		p.Coverage = tables.Coverage(report)
		p.Deadlines = deadlines(p.Coverage)
		for _, m := range tables.Codes(report) {
			mapped := slices.ContainsFunc(m.Handlers, func(h tables.CodesHandler) bool { return h.Mapped })
			if len(m.Codes) > 0 || len(m.Handlers) > 0 {
				p.Codes = append(p.Codes, htmlCodes{m, mapped})
			}
		}
	}
	return p
}

func severityOf(r htmlRule) rule.Severity {
	highest := rule.Info
	for _, f := range r.Findings {
		highest = max(highest, f.Finding.Severity)
	}
	return highest
}

func appendTo(groups []htmlGroup, name string, f *htmlFinding) []htmlGroup {
	if n := len(groups); n > 0 && groups[n-1].Name == name {
		groups[n-1].Findings = append(groups[n-1].Findings, f)
		return groups
	}
	return append(groups, htmlGroup{Name: name, Findings: []*htmlFinding{f}})
}

// deadlines counts the methods that have one in every row.
func deadlines(rows []tables.CoverageRow) string {
	covered := make(map[string]bool)
	for _, r := range rows {
		has, seen := covered[r.Method]
		covered[r.Method] = (has || !seen) && (r.Timeout != "" || r.Dial)
	}
	n := 0
	for _, has := range covered {
		if has {
			n++
		}
	}
	return fmt.Sprintf("%d of %s", n, say.Count(len(covered), "method"))
}

// errorText is an error in one line.
func errorText(e lint.Error) string {
	text := e.Message
	if about := e.Package + e.Pattern; about != "" {
		text = about + ": " + text
	}
	switch {
	case e.File != "" && e.Line > 0:
		text = fmt.Sprintf("%s:%d: %s", e.File, e.Line, text)
	case e.File != "":
		text = e.File + ": " + text
	}
	return text
}
