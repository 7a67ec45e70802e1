package lint

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/grpclint/grpclint/rule"
)

// In the sample application every planted mistake of its manifests is found,
// and nothing else.
func TestShopManifests(t *testing.T) {
	dir, err := filepath.Abs("../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	report := Run(Options{Dir: dir, Patterns: []string{"./shop/..."}, Policy: onlyDeploy{}, Severity: rule.Warning, FailOn: rule.Warning})
	var got []string
	for _, f := range report.Findings {
		got = append(got, fmt.Sprintf("%s %s", f.File, f.Rule.ID))
	}
	want := []string{
		"shop/deploy/alerts.yaml deploy/alert-codes",
		"shop/deploy/base/order.yaml deploy/grace-period",
		"shop/deploy/base/order.yaml deploy/address-port",
		"shop/deploy/base/payment.yaml deploy/unknown-probe-service",
		"shop/deploy/base/payment.yaml deploy/target-port",
		"shop/deploy/base/routes.yaml deploy/per-try-timeout",
		"shop/deploy/base/routes.yaml deploy/mesh-retry-unsafe",
		"shop/deploy/envoy.yaml deploy/envoy-timeout",
		"shop/deploy/nginx.conf deploy/nginx-keepalive",
		"shop/deploy/nginx.conf deploy/ingress-limits",
		"shop/order/Dockerfile deploy/shell-entrypoint",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, e := range report.Errors {
		t.Errorf("%s:%d: %s", e.File, e.Line, e.Message)
	}
}
