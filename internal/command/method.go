package command

import (
	"fmt"
	"io"
	"strings"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/tables"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/rule"
)

// explainMethod prints how a method, or each of a service's, is classified,
// and why.
func explainMethod(name string, report *lint.Report, stdout io.Writer) error {
	methods := report.Methods
	name = strings.TrimPrefix(name, "/")
	service, single, one := strings.Cut(name, "/")
	s := methods.Service(service)
	if s == nil {
		return fmt.Errorf("there is no service %s in what was read%s", service, nearestService(service, methods))
	}
	shown := 0
	for i := range s.Methods {
		m := &s.Methods[i]
		if one && m.Name != single {
			continue
		}
		if shown++; shown > 1 {
			fmt.Fprintln(stdout)
		}
		writeMethod(stdout, s.Name, m)
		writeBudget(stdout, tables.BudgetOf(report, s.Name+"/"+m.Name))
	}
	if shown > 0 {
		return nil
	}
	var names []string
	for _, m := range s.Methods {
		names = append(names, m.Name)
	}
	if near := rule.NearestOf(single, names); near != "" {
		return fmt.Errorf("%s has no method %s (nearest: %s)", service, single, near)
	}
	return fmt.Errorf("%s has no method %s", service, single)
}

func nearestService(name string, methods *serviceconfig.Methods) string {
	var names []string
	for _, s := range methods.Services() {
		names = append(names, s.Name)
	}
	if near := rule.NearestOf(name, names); near != "" {
		return fmt.Sprintf(" (nearest: %s)", near)
	}
	return ""
}

func writeMethod(w io.Writer, service string, m *serviceconfig.Method) {
	v := m.Verdict()
	fmt.Fprintf(w, "%s/%s\n\n  class     %s", service, m.Name, v.Class)
	if v.Doubt {
		fmt.Fprint(w, ", with doubt")
	}
	fmt.Fprintln(w)
	label := "because  "
	for _, reason := range v.Reasons {
		fmt.Fprintf(w, "  %s %s\n", label, reason)
		label = "         "
	}
	if len(v.Tokens) > 0 {
		fmt.Fprintf(w, "  tokens    %s\n", strings.Join(v.Tokens, ", "))
	}
	if len(v.Etags) > 0 {
		fmt.Fprintf(w, "  etags     %s\n", strings.Join(v.Etags, ", "))
	}
	if kind := tables.Streams(m); kind != "" {
		fmt.Fprintf(w, "  streams   %s\n", kind)
	}
	fmt.Fprintf(w, "  known by  %s\n", m.From)
}

// writeBudget prints who gives up on a method when, from the client to the
// server, and how often it is sent.
func writeBudget(w io.Writer, b *tables.Budget) {
	if len(b.Layers) == 0 {
		return
	}
	label := "budget   "
	for _, l := range b.Layers {
		fmt.Fprintf(w, "  %s %-8s %s, %s:%d%s\n", label, l.Time(), l.Who, l.File, l.Line, l.Tries())
		label = "         "
	}
	if first := b.First(); first != nil {
		fmt.Fprintf(w, "  first     %s gives up, after %s, with %s\n", first.Who, first.Timeout, first.Code)
	}
	if n := b.Attempts(); n > 1 {
		fmt.Fprintf(w, "  sent      up to %d times\n", n)
	}
}
