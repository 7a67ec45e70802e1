package format

import (
	"io"
	"strings"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

// gitLabIssue is an entry of GitLab's Code Quality report.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
type gitLabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitLabLocation `json:"location"`
}

type gitLabLocation struct {
	Path  string      `json:"path"`
	Lines gitLabLines `json:"lines"`
}

type gitLabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

// GitLab writes the findings as a Code Quality report.
func GitLab(w io.Writer, report *lint.Report) error {
	issues := []gitLabIssue{}
	for i := range report.Findings {
		f := &report.Findings[i]
		severity := "info"
		switch f.Severity {
		case rule.Error:
			severity = "major"
		case rule.Warning:
			severity = "minor"
		}
		issues = append(issues, gitLabIssue{
			Description: f.Message, CheckName: f.Rule.ID, Fingerprint: strings.TrimPrefix(f.Fingerprint, "v1:"), Severity: severity,
			Location: gitLabLocation{f.File, gitLabLines{f.Line, f.EndLine}},
		})
	}
	return visible.Encode(w, issues)
}
