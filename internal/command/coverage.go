package command

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/tables"
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
	rows := tables.Coverage(report)
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

func writeCoverage(w io.Writer, rows []tables.CoverageRow) error {
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

func writeCoverageJSON(w io.Writer, rows []tables.CoverageRow) error {
	if rows == nil {
		rows = []tables.CoverageRow{}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		Version int                  `json:"version"`
		Methods []tables.CoverageRow `json:"methods"`
	}{1, rows})
}
