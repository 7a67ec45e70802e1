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
	"github.com/grpclint/grpclint/internal/drawing"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/tables"
)

// Graph prints or draws who calls which RPC methods, with their deadlines and
// retries.
func Graph(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c := tableCommand{
		name: "graph", where: knowFlags{codes: true},
		formats: []tableFormat{
			{"text", func(w io.Writer, report *lint.Report) error { return writeGraph(w, tables.Graph(report)) }},
			{"json", func(w io.Writer, report *lint.Report) error { return writeGraphJSON(w, tables.Graph(report)) }},
			{"mermaid", func(w io.Writer, report *lint.Report) error { return drawing.Mermaid(w, picture(tables.Graph(report))) }},
			{"svg", func(w io.Writer, report *lint.Report) error { return drawing.SVG(w, picture(tables.Graph(report))) }},
		},
	}
	return c.run(ctx, args, stdout, stderr)
}

func writeGraph(w io.Writer, rows []tables.CallRow) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, "no RPCs: nothing here calls a method of a generated client")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	header := []string{"CALLER", "METHOD", "CLASS", "DEADLINE", "RETRIES", "AT"}
	proxied := slices.ContainsFunc(rows, func(r tables.CallRow) bool { return len(r.Proxies) > 0 })
	if proxied {
		header = append(header, "PROXIES")
	}
	row(table, header...)
	callers, methods, without := make(map[string]bool), make(map[string]bool), 0
	for _, r := range rows {
		callers[r.Caller], methods[r.Method] = true, true
		if r.Deadline.From == "none" {
			without++
		}
		cells := []string{r.Caller, r.Method, classText(r.Class, r.Doubt, r.Streams), deadlineText(r.Deadline), by(r.Retries), fmt.Sprintf("%s:%d", r.File, r.Line)}
		if proxied {
			cells = append(cells, proxyText(r.Proxies))
		}
		row(table, cells...)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s by %s of %s; %d without a deadline\n",
		say.Count(len(rows), "call"), say.Count(len(callers), "caller"), say.Count(len(methods), "method"), without)
	return err
}

// deadlineText says how long a call may take.
func deadlineText(d tables.CallDeadline) string {
	switch {
	case d.Duration > 0:
		return say.Duration(d.Duration)
	case d.From == "code":
		return "set"
	case d.From == "caller":
		return "the caller's"
	case d.From == "unknown":
		return "?"
	case d.From == "dial":
		return "dial"
	}
	return "-"
}

func writeGraphJSON(w io.Writer, rows []tables.CallRow) error {
	if rows == nil {
		rows = []tables.CallRow{}
	}
	return visible.Encode(w, struct {
		Version int              `json:"version"`
		Calls   []tables.CallRow `json:"calls"`
	}{1, rows})
}

// picture is what to draw of calls: boxes for services and for what is no
// handler, with a line for each method.
func picture(rows []tables.CallRow) *drawing.Picture {
	p := new(drawing.Picture)
	for _, r := range rows {
		title, method := r.Caller, ""
		if r.By == lint.ByHandler {
			title, method, _ = strings.Cut(r.Caller, "/")
		}
		from := p.Line(title, method)
		service, name, _ := strings.Cut(r.Method, "/")
		to := p.Line(service, name)
		var label []string
		switch text := deadlineText(r.Deadline); text {
		case "-":
			label = append(label, "no deadline")
		case "the caller's", "?": // as who sees the picture expects
		default:
			label = append(label, text)
		}
		for _, retry := range r.Retries {
			if retry.Attempts > 0 {
				label = append(label, say.Count(retry.Attempts, "attempt"))
			} else {
				label = append(label, "retried")
			}
		}
		for i := range r.Proxies {
			label = append(label, "through "+r.Proxies[i].Who+" ("+r.Proxies[i].Time()+r.Proxies[i].Tries()+")")
		}
		p.Arrow(from, to, strings.Join(label, ", "))
	}
	return p
}
