package format

import (
	"io"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
)

// The types below are the public JSON format; fields are only ever added.
type (
	document struct {
		Version  int          `json:"version"`
		Findings []jsonItem   `json:"findings"`
		Errors   []lint.Error `json:"errors"`
		Excluded []string     `json:"excluded,omitempty"`
		Stats    lint.Stats   `json:"stats"`
	}
	jsonItem struct {
		Rule        string        `json:"rule"`
		Severity    string        `json:"severity"`
		Message     string        `json:"message"`
		place                     // of the finding
		URL         string        `json:"url"`
		Fingerprint string        `json:"fingerprint"`
		Scope       string        `json:"scope"` // "package", "program"
		Effect      string        `json:"effect,omitempty"`
		Builds      []string      `json:"builds,omitempty"`
		Related     []jsonRelated `json:"related"`
		Fixes       []jsonFix     `json:"fixes"`
	}
	place struct {
		File      string `json:"file"`
		Line      int    `json:"line"`
		Column    int    `json:"column"`
		EndLine   int    `json:"endLine"`
		EndColumn int    `json:"endColumn"`
	}
	jsonRelated struct {
		Message string `json:"message"`
		place
	}
	jsonFix struct {
		Message string     `json:"message"`
		Safe    bool       `json:"safe"`
		Edits   []jsonEdit `json:"edits"`
	}
	jsonEdit struct {
		File    string `json:"file"`
		Start   int    `json:"start"`
		End     int    `json:"end"`
		NewText string `json:"newText"`
	}
)

// JSON writes the report as one JSON document.
func JSON(w io.Writer, report *lint.Report) error {
	doc := document{
		Version:  1,
		Findings: []jsonItem{}, // never null
		Errors:   append([]lint.Error{}, report.Errors...),
		Excluded: report.Excluded,
		Stats:    report.Stats,
	}
	for i := range report.Findings {
		doc.Findings = append(doc.Findings, item(&report.Findings[i]))
	}
	return visible.Encode(w, doc)
}

func item(f *lint.Finding) jsonItem {
	result := jsonItem{
		Rule:        f.Rule.ID,
		Severity:    f.Severity.String(),
		Message:     f.Message,
		place:       placeOf(f.Range),
		URL:         f.Rule.URL(),
		Fingerprint: f.Fingerprint,
		Scope:       scope(f),
		Effect:      string(f.Effect),
		Builds:      f.Builds,
		Related:     []jsonRelated{},
		Fixes:       []jsonFix{},
	}
	for _, r := range f.Related {
		result.Related = append(result.Related, jsonRelated{r.Message, placeOf(r.Range)})
	}
	for _, fix := range f.Fixes {
		edits := []jsonEdit{}
		for _, e := range fix.Edits {
			edits = append(edits, jsonEdit{e.File, e.Start, e.End, e.NewText})
		}
		result.Fixes = append(result.Fixes, jsonFix{fix.Message, fix.Safe, edits})
	}
	return result
}

// scope says what has to be seen for the finding to be made.
func scope(f *lint.Finding) string {
	if f.Linked {
		return "program"
	}
	return "package"
}

func placeOf(r lint.Range) place {
	return place{r.File, r.Line, r.Column, r.EndLine, r.EndColumn}
}
