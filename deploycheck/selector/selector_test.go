package selector

import (
	"fmt"
	"strings"
	"testing"
)

func shown(expr string) string {
	var parts []string
	for _, s := range Find(expr) {
		part := s.Metric
		for _, m := range s.Matchers {
			part += fmt.Sprintf(" %s%s%q", m.Label, m.Op, m.Value)
		}
		if s.Divisor {
			part = "/" + part
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

func TestFind(t *testing.T) {
	for expr, want := range map[string]string{
		`up == 0`: ``,
		`sum(rate(grpc_server_handled_total{grpc_code!="OK"}[5m])) > 1`:                    `grpc_server_handled_total grpc_code!="OK"`,
		`sum by (grpc_code) (rate(a_total{x=~"a|b", y='c'}[5m])) / sum(rate(b_total[5m]))`: `a_total x=~"a|b" y="c"; /b_total`,
		`100 * (1 - (sum(a_total{x="1"}) / sum(a_total)))`:                                 `a_total x="1"; /a_total`,
		`{__name__="a_b",x="y"}`:                              `a_b __name__="a_b" x="y"`,
		`a_b{x="{{ $labels.y }}"} or on (z) group_left c_d`:   `a_b x="{{ $labels.y }}"; c_d`,
		`job:grpc_errors:rate5m{code="Unknown"} > 0.1 # a_b{`: `job:grpc_errors:rate5m code="Unknown"`,
		`a_b{x=`: ``,
		`label_replace(a_b, "c_d", "$1", "x", "(.*)")`: `a_b`,
	} {
		if got := shown(expr); got != want {
			t.Errorf("%s: %s, want %s", expr, got, want)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add(`sum(rate(a_b{c!="d"}[5m])) / on(x) e_f`)
	f.Add("{a=`b`}'")
	f.Fuzz(func(t *testing.T, expr string) {
		for _, s := range Find(expr) {
			if s.Start < 0 || s.End < s.Start || s.End > len(expr) {
				t.Fatalf("%d to %d of %d", s.Start, s.End, len(expr))
			}
		}
	})
}
