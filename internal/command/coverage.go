package command

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// Coverage prints which methods have a deadline and a retry policy, and what
// gives it to them.
func Coverage(args []string, stdout, stderr io.Writer) int {
	set := NewFlags("coverage")
	var where knowFlags
	where.register(set)
	format := set.String("format", "text", "write `FORMAT`: text or json")
	if status, done := begin(set, "grpclint coverage [flags] [pattern ...]", args, stdout, stderr); done {
		return status
	}
	if *format != "text" && *format != "json" {
		return fail(stderr, fmt.Errorf("unknown format %q (known: text, json)", *format))
	}
	report, err := where.know(set.Args(), stderr)
	if err != nil {
		return fail(stderr, err)
	}
	rows := coverage(report)
	if *format == "json" {
		err = writeCoverageJSON(stdout, rows)
	} else {
		err = writeCoverage(stdout, rows)
	}
	if err != nil {
		return fail(stderr, err)
	}
	if slices.ContainsFunc(report.Errors, func(e lint.Error) bool { return !e.Found && e.Partly == "" }) {
		return exitBad
	}
	return exitOK
}

// A coverageRow is what one service config, or none, says for one method.
type coverageRow struct {
	Method  string `json:"method"` // "package.Service/Method"
	Class   string `json:"class"`
	Doubt   bool   `json:"doubt"`             // of the class
	Streams string `json:"streams,omitempty"` // "client", "server" or "both sides"

	Timeout  string   `json:"timeout,omitempty"` // as in service configs: "2.5s"
	Attempts int      `json:"attempts,omitempty"`
	Codes    []string `json:"codes,omitempty"` // to retry upon
	// Dial: a dial in the Go code gives a deadline, or may.
	Dial bool `json:"dial"`

	File  string `json:"file,omitempty"` // of the service config that applies
	Line  int    `json:"line,omitempty"` // of the name in it
	Entry string `json:"entry,omitempty"`
}

// coverage lists the methods of what was read, those of packages that are
// only imported left out.
func coverage(report *lint.Report) []coverageRow {
	var rows []coverageRow
	for _, s := range report.Methods.Services() {
		if s.Elsewhere {
			continue
		}
		dial := slices.Contains(report.Dials, s.Name) || slices.Contains(report.Dials, "*")
		for i := range s.Methods {
			m := &s.Methods[i]
			v := m.Verdict()
			row := coverageRow{Method: s.Name + "/" + m.Name, Class: v.Class.String(), Doubt: v.Doubt, Streams: streams(m), Dial: dial}
			covered := rowsOf(row, report.Configs)
			if len(covered) == 0 {
				covered = []coverageRow{row}
			}
			rows = append(rows, covered...)
		}
	}
	return rows
}

// rowsOf returns a row for each config that has an entry for the method: an
// entry that names it or its service. The default for all methods counts
// where there is no other.
func rowsOf(row coverageRow, configs []lint.KnownConfig) []coverageRow {
	var named, byDefault []coverageRow
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

func writeCoverage(w io.Writer, rows []coverageRow) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, "no RPC methods: there are neither .proto files with services nor Go code that calls one")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "METHOD\tCLASS\tDEADLINE\tRETRIES\tGIVEN BY")
	var deadlines, retries, dials int
	methods := make(map[string]bool)
	for _, r := range rows {
		methods[r.Method] = true
		deadline, retry, by := "-", "-", "-"
		switch {
		case r.Timeout != "":
			deadline = r.Timeout
			deadlines++
		case r.Dial:
			deadline = "dial"
			deadlines++
			dials++
		}
		if r.Attempts > 1 {
			retry = fmt.Sprintf("%d: %s", r.Attempts-1, strings.Join(r.Codes, " "))
			retries++
		}
		if r.File != "" {
			by = fmt.Sprintf("%s:%d", r.File, r.Line)
		}
		class := r.Class
		if r.Doubt {
			class += "?"
		}
		if r.Streams != "" {
			class += ", stream"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.Method, class, deadline, retry, by)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	count := fmt.Sprintf("%d methods", len(methods))
	if len(methods) != len(rows) {
		count += fmt.Sprintf(" in %d rows, one for each service config", len(rows))
	}
	fmt.Fprintf(w, "\n%s; %d with a deadline, %d with retries\n", count, deadlines, retries)
	if dials > 0 {
		fmt.Fprintln(w, "dial: an interceptor or a service config of a dial in the Go code sets a deadline, or may")
	}
	return nil
}

func writeCoverageJSON(w io.Writer, rows []coverageRow) error {
	if rows == nil {
		rows = []coverageRow{}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		Version int           `json:"version"`
		Methods []coverageRow `json:"methods"`
	}{1, rows})
}
