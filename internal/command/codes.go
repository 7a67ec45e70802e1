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

// Codes prints, for each RPC method, the status codes that its handlers can
// return and where, and who retries them.
func Codes(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c := tableCommand{
		name: "codes", where: knowFlags{codes: true},
		formats: []tableFormat{
			{"text", func(w io.Writer, report *lint.Report) error { return writeCodes(w, tables.Codes(report)) }},
			{"json", func(w io.Writer, report *lint.Report) error { return writeCodesJSON(w, tables.Codes(report)) }},
		},
	}
	return c.run(ctx, args, stdout, stderr)
}

func writeCodes(w io.Writer, methods []tables.MethodCodes) error {
	if len(methods) == 0 {
		return noMethods(w)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "METHOD\tCODE\tFROM\tRETRIED BY")
	served, unsure, mapped := 0, 0, false
	for _, m := range methods {
		name := m.Method
		if len(m.Handlers) > 0 {
			served++
		}
		if slices.ContainsFunc(m.Handlers, func(h tables.CodesHandler) bool { return h.Mapped }) {
			name, mapped = name+" *", true
		}
		if len(m.Codes) == 0 {
			from := "no handler here"
			if len(m.Handlers) > 0 {
				from = "returns no error"
			}
			row(table, name, "-", from, "-")
		}
		for _, c := range m.Codes {
			code := c.Code
			if c.Of != "" {
				code = "that of " + c.Of
			}
			if c.Code == tables.UnknownCode && c.Of == "" {
				unsure++
			}
			row(table, name, code, from(c, len(m.Handlers) > 0), by(c.Retries))
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%s; %d with a handler here, %d of these with errors whose code is not known\n", say.Count(len(methods), "method"), served, unsure)
	if mapped {
		fmt.Fprintln(w, "* an interceptor of a server converts errors, or may: clients may get other codes")
	}
	return nil
}

// from says where a code comes from: of what is not known, each place and
// what is there; else the first.
func from(row tables.CodeRow, served bool) string {
	switch {
	case len(row.Places) == 0 && served:
		return "no line of the handler"
	case len(row.Places) == 0:
		return "-"
	}
	first := row.Places[0]
	text := fmt.Sprintf("%s:%d", first.File, first.Line)
	if first.What != "status" && first.What != "RPC" {
		text += " (" + first.What + ")"
	}
	return say.More(text, len(row.Places)-1, "")
}

func by(retries []tables.CodeRetry) string {
	if len(retries) == 0 {
		return "-"
	}
	var list []string
	for _, r := range retries {
		text := fmt.Sprintf("%s:%d", r.File, r.Line)
		if r.Attempts > 0 {
			text += fmt.Sprintf(" (%d attempts)", r.Attempts)
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

func writeCodesJSON(w io.Writer, methods []tables.MethodCodes) error {
	if methods == nil {
		methods = []tables.MethodCodes{}
	}
	return visible.Encode(w, struct {
		Version int                  `json:"version"`
		Methods []tables.MethodCodes `json:"methods"`
	}{1, methods})
}
