package lsp

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

// A sentReport is what the server needs of a report that another process has
// made.
type sentReport struct {
	Findings []sentFinding
	Errors   []lint.Error
	Handlers []lint.Handler
	Calls    []lint.RPCCall
	Failure  string // why nothing could be checked
}

// A sentFinding names its rule.
type sentFinding struct {
	lint.Finding
	Rule string
}

// WriteReport writes a report, or why there is none, for [ReadReport].
func WriteReport(w io.Writer, report *lint.Report, failure error) error {
	var sent sentReport
	if failure != nil {
		sent.Failure = failure.Error()
	} else {
		sent.Errors, sent.Handlers, sent.Calls = report.Errors, report.Handlers, report.Calls
		for _, f := range report.Findings {
			sent.Findings = append(sent.Findings, sentFinding{f, f.Rule.ID})
		}
	}
	return json.NewEncoder(w).Encode(sent)
}

// ReadReport reads a report.
func ReadReport(r io.Reader) (*lint.Report, error) {
	var sent sentReport
	if err := json.NewDecoder(r).Decode(&sent); err != nil {
		return nil, fmt.Errorf("internal error: no report: %w", err)
	}
	if sent.Failure != "" {
		return nil, errors.New(sent.Failure)
	}
	report := &lint.Report{Errors: sent.Errors, Handlers: sent.Handlers, Calls: sent.Calls}
	for _, f := range sent.Findings {
		known, ok := rule.Lookup(f.Rule)
		if !ok {
			return nil, fmt.Errorf("internal error: no rule %q", f.Rule)
		}
		f.Finding.Rule = known
		report.Findings = append(report.Findings, f.Finding)
	}
	return report, nil
}
