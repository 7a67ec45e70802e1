package command

import (
	"fmt"
	"io"
	"strings"

	"github.com/grpclint/grpclint/internal/tables"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/rule"
)

// explainMethod prints how a method, or each of a service's, is classified,
// and why.
func explainMethod(name string, methods *serviceconfig.Methods, stdout io.Writer) error {
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
