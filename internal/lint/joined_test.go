package lint

import (
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/rule"
)

// A config in a file is judged with the .proto files of the run. A package
// is known whole only if all of its files are read.
func TestConfigsWithProtos(t *testing.T) {
	const (
		head    = "syntax = \"proto3\";\npackage shop.v1;\n"
		service = head + "service Order { rpc Get(M) returns (M); rpc Charge(M) returns (M); }\nmessage M { string name = 1; }\n"
		policy  = `"timeout": "1s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}`
	)
	config := func(names, rest string) string { return `{"methodConfig": [{"name": [` + names + `]` + rest + `}]}` }
	tests := []struct {
		name, files, config string
		want                []string
	}{
		{"known", "", config(`{"service": "shop.v1.Order", "method": "Get"}`, `, "timeout": "1s"`), nil},
		{"method", "", config(`{"service": "shop.v1.Order", "method": "Gets"}`, `, "timeout": "1s"`), []string{"unknown-method"}},
		{"service", "", config(`{"service": "shop.v1.Payments"}`, `, "timeout": "1s"`), []string{"unknown-service"}},
		{"other package", "", config(`{"service": "pay.v1.Payments"}`, `, "timeout": "1s"`), nil},
		{"broken neighbour", "-- api/b.proto --\n" + head + "service {\n", config(`{"service": "shop.v1.Payments"}`, `, "timeout": "1s"`), nil},
		{"another tree", "-- preview/a.proto --\n" + strings.Replace(service, "rpc Get(M)", "rpc Put(M) returns (M); rpc Get(M)", 1), config(`{"service": "shop.v1.Order", "method": "Put"}`, `, "timeout": "1s"`), nil},
		{"retries", "", config(`{"service": "shop.v1.Order"}`, `, `+policy), []string{"unsafe-retry"}},
		{"retries of reads", "", config(`{"service": "shop.v1.Order", "method": "Get"}`, `, `+policy), nil},
		{"declared", "-- api/a.proto --\n" + strings.Replace(service, "rpc Charge", "\n//grpclint:idempotent by number\nrpc Charge", 1), config(`{"service": "shop.v1.Order"}`, `, `+policy), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			archive := "-- a.go --\npackage a\n"
			if !strings.Contains(test.files, "-- api/a.proto") {
				archive += "-- api/a.proto --\n" + service
			}
			report, _ := lintModule(t, archive+test.files+"-- x_service_config.json --\n"+test.config+"\n", nil)
			var got []string
			for _, f := range report.Findings {
				if f.Rule.Family() == "serviceconfig" && f.Severity > rule.Info {
					got = append(got, f.Rule.Name())
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("found %q, want %q\n%s", got, test.want, summary(report))
			}
		})
	}
}
