package format

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/release"
	"github.com/grpclint/grpclint/internal/sourcetext"
	"github.com/grpclint/grpclint/rule"
)

// The types below are the part of SARIF 2.1.0 that has a meaning for us.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name            string      `json:"name"`
		Version         string      `json:"version"`
		SemanticVersion string      `json:"semanticVersion,omitempty"`
		InformationURI  string      `json:"informationUri"`
		Rules           []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string            `json:"id"`
		ShortDescription sarifMessage      `json:"shortDescription"`
		Help             sarifMultiformat  `json:"help"`
		HelpURI          string            `json:"helpUri"`
		Default          sarifDefault      `json:"defaultConfiguration"`
		Properties       *sarifRuleDetails `json:"properties,omitempty"`
	}
	sarifDefault struct {
		Level   string `json:"level"`
		Enabled bool   `json:"enabled"`
	}
	sarifRuleDetails struct {
		Tags []string `json:"tags"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifMultiformat struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifMessage      `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Related      []sarifLocation   `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Fixes        []sarifFix        `json:"fixes,omitempty"`
	}
	sarifLocation struct {
		ID       int           `json:"id,omitempty"`
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifMessage `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifFix struct {
		Description sarifMessage  `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion   `json:"deletedRegion"`
		Inserted *sarifContent `json:"insertedContent,omitempty"`
	}
	sarifContent struct {
		Text string `json:"text"`
	}
)

// SARIF writes the report as a SARIF 2.1.0 log. Code scanning services show
// the help of a rule but not the related places of a finding, so the latter
// are also told in its message.
func SARIF(w io.Writer, report *lint.Report) error {
	s := sarif{sources: make(sourcetext.Files), index: make(map[string]int)}
	run := sarifRun{
		Tool: sarifTool{sarifDriver{
			Name: "grpclint", Version: release.Current(), SemanticVersion: semantic(release.Current()),
			InformationURI: "https://github.com/grpclint/grpclint", Rules: s.rules(report),
		}},
		Invocations: []sarifInvocation{{Successful: true}},
		ColumnKind:  "utf16CodeUnits",
		Results:     []sarifResult{},
	}
	for _, e := range report.Errors {
		if !e.Found {
			run.Invocations[0].Successful = false
		}
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, s.notification(e))
	}
	for i := range report.Findings {
		run.Results = append(run.Results, s.result(&report.Findings[i]))
	}
	return visible.Encode(w, sarifLog{
		Schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

// semantic is a version of Go as SARIF has semantic versions, "" for a program
// without one.
func semantic(version string) string {
	if !semver.IsValid(version) {
		return ""
	}
	return strings.TrimPrefix(version, "v")
}

type sarif struct {
	sources sourcetext.Files
	index   map[string]int // of rules by their ids
}

// rules describes the rules that have findings, sorted by id.
func (s *sarif) rules(report *lint.Report) []sarifRule {
	found := make(map[string]*rule.Rule)
	for i := range report.Findings {
		found[report.Findings[i].Rule.ID] = report.Findings[i].Rule
	}
	rules := []sarifRule{}
	for _, r := range rule.All() {
		if found[r.ID] == nil {
			continue
		}
		s.index[r.ID] = len(rules)
		described := sarifRule{
			ID:               r.ID,
			ShortDescription: sarifMessage{r.Summary},
			Help:             sarifMultiformat{Text: r.Summary + "\n\n" + r.URL(), Markdown: r.Page()},
			HelpURI:          r.URL(),
			Default:          sarifDefault{sarifLevel(r.Severity), r.On},
		}
		if len(r.Tags) > 0 {
			described.Properties = &sarifRuleDetails{r.Tags}
		}
		rules = append(rules, described)
	}
	return rules
}

func sarifLevel(s rule.Severity) string {
	switch s {
	case rule.Error:
		return "error"
	case rule.Warning:
		return "warning"
	}
	return "note"
}

func (s *sarif) notification(e lint.Error) sarifNotification {
	n := sarifNotification{Level: "error", Message: sarifMessage{e.Message}}
	if e.Found {
		n.Level = "warning"
	}
	if about := e.Package + e.Pattern; about != "" {
		n.Message.Text = about + ": " + e.Message
	}
	if e.File == "" {
		return n
	}
	location := sarifLocation{Physical: sarifPhysical{Artifact: artifact(e.File)}}
	if e.Line > 0 {
		location.Physical.Region = &sarifRegion{StartLine: e.Line, StartColumn: max(e.Column, 0)}
	}
	n.Locations = []sarifLocation{location}
	return n
}

func (s *sarif) result(f *lint.Finding) sarifResult {
	result := sarifResult{
		RuleID: f.Rule.ID, RuleIndex: s.index[f.Rule.ID], Level: sarifLevel(f.Severity),
		Message:      sarifMessage{f.Message},
		Locations:    []sarifLocation{s.location(f.Range)},
		Fingerprints: map[string]string{"grpclint/v1": strings.TrimPrefix(f.Fingerprint, "v1:")},
	}
	for i, r := range f.Related {
		location := s.location(r.Range)
		location.ID, location.Message = i+1, &sarifMessage{r.Message}
		result.Related = append(result.Related, location)
		// [text](id) is a link to the related location.
		result.Message.Text += fmt.Sprintf("\n%s: [%s:%d](%d)", r.Message, r.File, r.Line, i+1)
	}
	for _, fix := range f.Fixes {
		if changes := s.changes(fix); len(changes) > 0 {
			result.Fixes = append(result.Fixes, sarifFix{sarifMessage{fix.Message}, changes})
		}
	}
	return result
}

func (s *sarif) location(r lint.Range) sarifLocation {
	region := sarifRegion{
		StartLine: r.Line, StartColumn: s.sources.Column(r.Path, r.Line, r.Column),
		EndLine: r.EndLine, EndColumn: s.sources.Column(r.Path, r.EndLine, r.EndColumn),
	}
	return sarifLocation{Physical: sarifPhysical{Artifact: artifact(r.File), Region: &region}}
}

// artifact names a file by a URI reference, relative as the path is.
func artifact(file string) sarifArtifact {
	return sarifArtifact{(&url.URL{Path: file}).String()}
}

// changes groups the edits of a fix by file. A fix whose file cannot be read
// has none.
func (s *sarif) changes(fix lint.Fix) []sarifChange {
	var changes []sarifChange
	for _, e := range fix.Edits {
		startLine, startColumn, ok := s.sources.Position(e.Path, e.Start)
		endLine, endColumn, okEnd := s.sources.Position(e.Path, e.End)
		if !ok || !okEnd {
			return nil
		}
		r := sarifReplacement{Deleted: sarifRegion{startLine, startColumn, endLine, endColumn}}
		if e.NewText != "" {
			r.Inserted = &sarifContent{e.NewText}
		}
		at := artifact(e.File)
		i := slices.IndexFunc(changes, func(c sarifChange) bool { return c.Artifact == at })
		if i < 0 {
			i = len(changes)
			changes = append(changes, sarifChange{Artifact: at})
		}
		changes[i].Replacements = append(changes[i].Replacements, r)
	}
	return changes
}
