package lint

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
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

// A file for a generator of clients is for the services of the .proto files
// in its folder. If none of its names exists, it was copied from elsewhere.
func TestGeneratorConfigsBesideProtos(t *testing.T) {
	const order = "-- api/v2/a.proto --\nsyntax = \"proto3\";\npackage shop.v2;\nservice Order { rpc Get(M) returns (M); }\nmessage M { string name = 1; }\n"
	const beside = "api/v2/shop_grpc_service_config.json"
	names := func(list string) string { return `{"methodConfig": [{"name": [` + list + `], "timeout": "1s"}]}` }
	const (
		older  = `{"service": "shop.v1.Order"}`
		method = `{"service": "shop.v1.Order", "method": "Get"}`
		other  = `{"service": "library.v1.Books"}`
		right  = `{"service": "shop.v2.Order"}`
	)
	tests := []struct {
		name, file, config, protos string
		want                       string
	}{
		{"another version", beside, names(older + ", " + method), order, "the name is for no RPC: there is no shop.v1.Order, the protos beside have shop.v2.Order"},
		{"another API", beside, names(other), order, "the name is for no RPC: there is no library.v1.Books, the protos beside have shop.v2.Order"},
		{"both, said once", beside, names(older + ", " + other), order, "the name is for no RPC: there is no shop.v1.Order, the protos beside have shop.v2.Order"},
		{"some not public", beside, names(other + ", " + right), order, ""},
		{"a runtime's config", "api/v2/shop_service_config.json", names(older), order, ""},
		{"elsewhere", "api/shop_grpc_service_config.json", names(older), order, ""},
		{"messages only", beside, names(older), "-- api/v2/a.proto --\nsyntax = \"proto3\";\npackage shop.v2;\nmessage M {}\n", ""},
		{"broken neighbour", beside, names(older), order + "-- api/v2/b.proto --\nservice {\n", ""},
		{"no names", beside, `{"methodConfig": []}`, order, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			report, _ := lintModule(t, "-- a.go --\npackage a\n"+test.protos+"-- "+test.file+" --\n"+test.config+"\n", nil)
			var got []string
			for _, f := range report.Findings {
				if f.Rule.ID == "serviceconfig/unknown-service" && f.Severity == rule.Warning {
					got = append(got, f.Message)
				}
			}
			if found := strings.Join(got, "; "); found != test.want {
				t.Errorf("found %q, want %q\n%s", found, test.want, summary(report))
			}
		})
	}
}

// A config in a file asks for the health of services; what is known of them
// comes from the programs of the run.
func TestConfigsWithHealthServices(t *testing.T) {
	health := family("health", func(pass *analysis.Pass) (*analyzers.Result, error) {
		result := new(analyzers.Result)
		if pass.Pkg.Name() == "main" {
			result.Program.Health = []serviceconfig.ServedHealth{{Service: "shop.v1.Order", Registers: true}}
		}
		return result, nil
	})
	const archive = "-- a.go --\npackage main\n\nimport _ \"google.golang.org/grpc\"\n\nfunc main() {}\n-- x_service_config.json --\n" +
		`{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "shop.v1.Order"}}` + "\n"
	for want, families := range map[string][]*analysis.Analyzer{"health/unserved": {health}, "": nil} {
		checked, _ := lintModule(t, archive, func(o *Options) { o.Analyzers = families })
		got := ""
		for _, f := range checked.Findings {
			got += f.Rule.ID
		}
		if got != want {
			t.Errorf("found %q, want %q\n%s", got, want, summary(checked))
		}
	}
}
