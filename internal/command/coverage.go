package command

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/tables"
)

// Coverage prints which methods have a deadline and a retry policy, and what
// gives it to them.
func Coverage(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c := tableCommand{
		name: "coverage",
		formats: []tableFormat{
			{"text", func(w io.Writer, report *lint.Report) error { return writeCoverage(w, tables.Coverage(report)) }},
			{"json", func(w io.Writer, report *lint.Report) error { return writeCoverageJSON(w, tables.Coverage(report)) }},
		},
	}
	return c.run(ctx, args, stdout, stderr)
}

func writeCoverage(w io.Writer, rows []tables.CoverageRow) error {
	if len(rows) == 0 {
		return noMethods(w)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	proxied := slices.ContainsFunc(rows, func(r tables.CoverageRow) bool { return len(r.Proxies) > 0 })
	header := []string{"METHOD", "CLASS", "DEADLINE", "RETRIES", "GIVEN BY"}
	if proxied {
		header = append(header, "PROXIES")
	}
	row(table, header...)
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
		cells := []string{r.Method, classText(r.Class, r.Doubt, r.Streams), deadline, retry, by}
		if proxied {
			cells = append(cells, proxyText(r.Proxies))
		}
		row(table, cells...)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	count := say.Count(len(methods), "method")
	if len(methods) != len(rows) {
		count += fmt.Sprintf(" in %d rows, one for each service config", len(rows))
	}
	fmt.Fprintf(w, "\n%s; %d with a deadline, %d with retries\n", count, deadlines, retries)
	if dials > 0 {
		fmt.Fprintln(w, "dial: an interceptor or a service config of a dial in the Go code sets a deadline, or may")
	}
	return nil
}

// proxyText names the proxies in front of a method with their timeouts and tries.
func proxyText(layers []tables.BudgetLayer) string {
	var list []string
	for i := range layers {
		list = append(list, layers[i].Who+" "+layers[i].Time()+layers[i].Tries())
	}
	if len(list) == 0 {
		return "-"
	}
	return strings.Join(list, "; ")
}

func writeCoverageJSON(w io.Writer, rows []tables.CoverageRow) error {
	if rows == nil {
		rows = []tables.CoverageRow{}
	}
	return visible.Encode(w, struct {
		Version int                  `json:"version"`
		Methods []tables.CoverageRow `json:"methods"`
	}{1, rows})
}
