// Package tables lists what is known of all RPC methods of a project: their
// deadlines and retries, and the status codes that they return.
package tables

import (
	"fmt"
	"slices"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// A CoverageRow is what one service config, or none, says for one method.
type CoverageRow struct {
	Method  string `json:"method"` // "package.Service/Method"
	Class   string `json:"class"`
	Doubt   bool   `json:"doubt"`             // of the class
	Streams string `json:"streams,omitempty"` // "client", "server" or "both sides"

	Timeout  string   `json:"timeout,omitempty"` // as in service configs: "2.5s"
	Attempts int      `json:"attempts,omitempty"`
	Codes    []string `json:"codes,omitempty"` // to retry upon
	// Dial: a dial in the Go code gives a deadline, or may.
	Dial bool `json:"dial"`

	// Proxies stand in front of the method by the manifests.
	Proxies []BudgetLayer `json:"proxies,omitempty"`

	File  string `json:"file,omitempty"` // of the service config that applies
	Line  int    `json:"line,omitempty"` // of the name in it
	Entry string `json:"entry,omitempty"`
}

// Coverage lists the methods of what was read, those of packages that are
// only imported left out.
func Coverage(report *lint.Report) []CoverageRow {
	var rows []CoverageRow
	for _, s := range report.Methods.Services() {
		if s.Elsewhere {
			continue
		}
		dial := isDialled(s.Name, report.Dials)
		for i := range s.Methods {
			m := &s.Methods[i]
			v := m.Verdict()
			row := CoverageRow{Method: s.Name + "/" + m.Name, Class: v.Class.String(), Doubt: v.Doubt, Streams: Streams(m), Dial: dial}
			row.Proxies = proxiesOf(report, row.Method)
			covered := rowsOf(row, report.Configs)
			if len(covered) == 0 {
				covered = []CoverageRow{row}
			}
			rows = append(rows, covered...)
		}
	}
	return rows
}

// isDialled reports whether a dial gives a service a deadline, or may.
func isDialled(service string, dials []string) bool {
	return slices.Contains(dials, service) || slices.Contains(dials, "*")
}

// rowsOf returns a row for each config that has an entry for the method: an
// entry that names it or its service. The default for all methods counts
// where there is no other.
func rowsOf(row CoverageRow, configs []lint.KnownConfig) []CoverageRow {
	var named, byDefault []CoverageRow
	seen := make(map[string]bool) // a package and its test variant have the same
	for _, c := range configs {
		applies := c.Method(row.Method)
		if applies.Entry == nil {
			continue
		}
		r := row
		r.File, r.Line, r.Entry = c.File, c.Line+applies.Entry.Line-1, applies.Entry.Name
		if key := fmt.Sprint(r.File, ":", r.Line); seen[key] {
			continue
		} else {
			seen[key] = true
		}
		if applies.HasTimeout && applies.Timeout >= 0 {
			r.Timeout = serviceconfig.FormatDuration(applies.Timeout)
		}
		if applies.Retry != nil {
			r.Attempts, r.Codes = applies.Retry.Attempts, applies.Retry.Codes
		}
		if r.Entry == "" {
			byDefault = append(byDefault, r)
		} else {
			named = append(named, r)
		}
	}
	if len(named) > 0 {
		return named
	}
	return byDefault
}

// Streams says which sides send a stream, "" for none.
func Streams(m *serviceconfig.Method) string {
	switch {
	case m.ClientStream && m.ServerStream:
		return "both sides"
	case m.ClientStream:
		return "client"
	case m.ServerStream:
		return "server"
	}
	return ""
}
