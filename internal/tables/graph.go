package tables

import (
	"strings"
	"time"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// A CallRow is one RPC that is made on behalf of a caller.
type CallRow struct {
	// Caller is the method whose handler the call is made for, the import path
	// of a main package, or that of another one of which nobody is seen to run
	// the code; By says which.
	Caller  string          `json:"caller"`
	By      lint.CallerKind `json:"by"`      // "handler", "program" or "package"
	Method  string          `json:"method"`  // "package.Service/Method"
	Through []string        `json:"through"` // functions, the one that makes the call last
	File    string          `json:"file"`
	Line    int             `json:"line"`

	Deadline CallDeadline `json:"deadline"`
	Retries  []CodeRetry  `json:"retries"`

	Class   string `json:"class,omitempty"` // of the method; none if it is not known here
	Doubt   bool   `json:"doubt,omitempty"` // of the class
	Streams string `json:"streams,omitempty"`

	// Proxies stand in front of the method by the manifests.
	Proxies []BudgetLayer `json:"proxies,omitempty"`
}

// A CallDeadline says how long a call may take.
type CallDeadline struct {
	// From says what sets it: "code" on the way, "caller" for the handler's
	// own caller, "config" for a service config, "dial" for an interceptor
	// or a service config of a dial in the code, which may; "none", or
	// "unknown".
	From    string `json:"from"`
	Timeout string `json:"timeout,omitempty"` // as in service configs; none if it is no constant
	File    string `json:"file,omitempty"`    // where the timeout is
	Line    int    `json:"line,omitempty"`

	// Duration is Timeout, zero for none.
	Duration time.Duration `json:"-"`
}

// Graph lists who calls which RPC methods.
func Graph(report *lint.Report) []CallRow {
	var rows []CallRow
	for _, c := range report.Calls {
		configs := rowsOf(CoverageRow{Method: c.Method}, report.Configs)
		row := CallRow{
			Caller: c.Caller, By: c.By, Method: c.Method, Through: c.Through, File: c.At.File, Line: c.At.Line,
			Deadline: deadlineOf(c, configs, report.Dials), Retries: []CodeRetry{},
		}
		for _, r := range report.Retries {
			if r.Method == c.Method && r.At.File == c.At.File && r.At.Line == c.At.Line {
				row.Retries = append(row.Retries, CodeRetry{r.At.File, r.At.Line, r.By, r.Attempts})
			}
		}
		for _, covered := range configs {
			if covered.Attempts > 1 {
				row.Retries = append(row.Retries, CodeRetry{covered.File, covered.Line, "service config", covered.Attempts})
			}
		}
		row.Proxies = proxiesOf(report, c.Method)
		service, name, _ := strings.Cut(c.Method, "/")
		if m := report.Methods.Method(service, name); m != nil {
			v := m.Verdict()
			row.Class, row.Doubt, row.Streams = v.Class.String(), v.Doubt, Streams(m)
		}
		rows = append(rows, row)
	}
	return rows
}

// deadlineOf is the nearest of the deadlines that are known: of the code, of
// service configs, and of the dials that give one to services.
func deadlineOf(c lint.RPCCall, configs []CoverageRow, dials []string) CallDeadline {
	d := CallDeadline{From: "none"}
	switch {
	case c.Deadline.Set:
		d.From, d.Duration, d.File, d.Line = "code", c.Deadline.Timeout, c.Deadline.At.File, c.Deadline.At.Line
	case c.Deadline.Unknown:
		d.From = "unknown"
	case c.Deadline.Caller && c.By != lint.ByProgram: // which has no caller
		d.From = "caller"
	}
	for _, covered := range configs {
		timeout, err := time.ParseDuration(covered.Timeout)
		if err == nil && (d.From != "code" || d.Duration > timeout) {
			d = CallDeadline{From: "config", Duration: timeout, File: covered.File, Line: covered.Line}
		}
	}
	service, _, _ := strings.Cut(c.Method, "/")
	if d.From == "none" && isDialled(service, dials) {
		d.From = "dial"
	}
	if d.Duration > 0 {
		d.Timeout = serviceconfig.FormatDuration(d.Duration)
	}
	return d
}
