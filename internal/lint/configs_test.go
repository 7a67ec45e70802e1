package lint

import (
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/rule"
)

// A finding that rests on a missing deadline is taken back by a timeout in a
// config of the project, if it is one that applies.
func TestRetractByConfigFile(t *testing.T) {
	const archive = `
-- a/a.go --
package a

import _ "google.golang.org/grpc"

var MarkA int
`
	config := func(methods string) string { return `{"methodConfig": [` + methods + `]}` + "\n" }
	const (
		service = `{"name": [{"service": "s.S"}], "timeout": "1s"}`
		other   = `{"name": [{"service": "s.T"}], "timeout": "1s"}`
		all     = `{"name": [{}], "timeout": "1s"}`
		method  = `{"name": [{"service": "s.S", "method": "M"}], "timeout": "1s"}`
		shadow  = `{"name": [{"service": "s.S", "method": "M"}], "waitForReady": true}`
		nothing = `{"name": [{"service": "s.S"}], "waitForReady": true}`
		below0  = `{"name": [{"service": "s.S"}], "timeout": "-1s"}`
		refused = `{"name": [{"service": "s.S"}], "timeout": "1s"}, {"name": [{"service": "s.X"}], "timeout": 1}`
	)
	one, two := []string{"s.S"}, []string{"s.S", "s.T"}
	calls := func(services []string) func(f *finding.Finding) {
		return func(f *finding.Finding) {
			f.Subject, f.Cause = "/s.S/M", new(finding.Cause)
			for i, s := range services {
				f.StandsOn = append(f.StandsOn, claim.Unless(claim.Deadline, "/"+s+"/M", s).Of("/"+s+"/M"))
				at := f.Pos + token.Pos(i)
				f.Cause.Parts = append(f.Cause.Parts, finding.Part{Name: s, Subject: "/" + s + "/M", From: f.Pos, To: f.End, Pos: at, End: at})
			}
		}
	}
	tests := []struct {
		name     string
		services []string
		file     string
		config   string
		count    int
	}{
		{"service", one, "x_service_config.json", config(service), 1},
		{"by content", one, "a/x.json", config(service), 1},
		{"in YAML", one, "deploy/x.yaml", "a:\n  b: '" + strings.TrimSpace(config(service)) + "'\n", 1},
		{"default", two, "x_service_config.json", config(all), 1},
		{"method", one, "x_service_config.json", config(method), 1},
		{"method without", one, "x_service_config.json", config(service + "," + shadow), 0},
		{"default replaced", one, "x_service_config.json", config(all + "," + nothing), 0},
		{"both services", two, "x_service_config.json", config(service + "," + other), 1},
		{"other service", one, "x_service_config.json", config(other), 0},
		{"no timeout", one, "x_service_config.json", config(nothing), 0},
		{"negative timeout", one, "x_service_config.json", config(below0), 0},
		{"refused by grpc-go", one, "x_service_config.json", config(refused), 0},
		{"generator's", one, "x_grpc_service_config.json", config(service), 0},
		{"of tests", one, "a/testdata/x_service_config.json", config(service), 0},
		{"of a nested module", one, "nested/x_service_config.json", config(service), 0},
		{"choices", one, "x_service_config.json", `[{"serviceConfig": ` + strings.TrimSpace(config(service)) + "}]\n", 0},
		{"no condition", nil, "x_service_config.json", config(service), 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, modules := range []bool{false, true} {
				report, _ := lintModule(t, archive+"-- nested/go.mod --\nmodule example.com/nested\n-- "+test.file+" --\n"+test.config, func(o *Options) {
					o.Modules = modules
					o.Analyzers = []*analysis.Analyzer{family("marks", marks("deadline/missing", "Mark", calls(test.services)))}
				})
				marked := slices.ContainsFunc(report.Findings, func(f Finding) bool { return f.File == "a/a.go" })
				if marked != (test.count == 0) || report.Stats.Retracted != test.count {
					t.Errorf("retracted %d, want %d; found\n%s", report.Stats.Retracted, test.count, summary(report))
				}
			}
		})
	}
	t.Run("one of two services", func(t *testing.T) {
		report, _ := lintModule(t, archive+"-- x_service_config.json --\n"+config(service), func(o *Options) {
			o.Analyzers = []*analysis.Analyzer{family("marks", marks("deadline/missing", "Mark", calls(two)))}
		})
		if report.Stats.Retracted != 1 || !slices.ContainsFunc(report.Findings, func(f Finding) bool { return f.File == "a/a.go" && f.Message == "s.T" }) {
			t.Errorf("found %s", summary(report))
		}
	})
	t.Run("outside", func(t *testing.T) {
		outside := filepath.Join(t.TempDir(), "x_service_config.json")
		if err := os.WriteFile(outside, []byte(config(service)), 0o666); err != nil {
			t.Fatal(err)
		}
		report, _ := lintModule(t, archive, func(o *Options) {
			o.Patterns = []string{"./...", outside}
			o.Analyzers = []*analysis.Analyzer{family("marks", marks("deadline/missing", "Mark", calls(one)))}
		})
		if report.Stats.Retracted != 0 || report.Stats.ServiceConfigs != 1 {
			t.Errorf("a file elsewhere retracts: %+v", report.Stats)
		}
	})
}

// What a package says about a file that it embeds is not said twice, and the
// finding that is left can be fixed.
func TestEmbeddedConfig(t *testing.T) {
	const config = `{"methodConfig": [{"name": [{"service": "s.S"}], "timeout": "400ms"}]}` + "\n"
	report, _ := lintModule(t, `
-- a/a.go --
package a

import _ "google.golang.org/grpc"
-- a/a.json --
`+config, func(o *Options) {
		o.Analyzers = []*analysis.Analyzer{family("serviceconfig", func(pass *analysis.Pass) (*analyzers.Result, error) {
			name := filepath.Join(filepath.Dir(pass.Fset.File(pass.Files[0].Pos()).Name()), "a.json")
			file := pass.Fset.AddFile(name, -1, len(config))
			file.SetLinesForContent([]byte(config))
			at := strings.Index(config, `"400ms"`)
			same := finding.Finding{Rule: rule.MustLookup("serviceconfig/duration"), Pos: file.Pos(at), End: file.Pos(at + 7), Message: "in other words"}
			more := finding.Finding{Rule: rule.MustLookup("serviceconfig/backoff"), Pos: file.Pos(at), End: file.Pos(at + 7), Message: "only known here"}
			return &analyzers.Result{Findings: []finding.Finding{same, more}}, nil
		})}
	})
	var found []string
	for _, f := range report.Findings {
		found = append(found, f.Rule.ID)
		if f.Rule.ID == "serviceconfig/duration" && len(f.Fixes) != 1 {
			t.Errorf("the finding that is left has %d fixes", len(f.Fixes))
		}
	}
	if got := strings.Join(found, " "); got != "serviceconfig/backoff serviceconfig/duration" {
		t.Errorf("found\n%s", summary(report))
	}
}

// That an embedded file is no JSON is said once: by the package's finding.
func TestEmbeddedAndBroken(t *testing.T) {
	const config = `{"methodConfig": [}` + "\n"
	for _, embedded := range []bool{true, false} {
		report, _ := lintModule(t, "-- a/a.go --\npackage a\n\nimport _ \"google.golang.org/grpc\"\n-- a/a.json --\n"+config, func(o *Options) {
			o.Analyzers = []*analysis.Analyzer{family("serviceconfig", func(pass *analysis.Pass) (*analyzers.Result, error) {
				if !embedded {
					return nil, nil
				}
				name := filepath.Join(filepath.Dir(pass.Fset.File(pass.Files[0].Pos()).Name()), "a.json")
				file := pass.Fset.AddFile(name, -1, len(config))
				file.SetLinesForContent([]byte(config))
				return &analyzers.Result{Findings: []finding.Finding{{Rule: rule.MustLookup("serviceconfig/rejected"), Pos: file.Pos(18), End: file.Pos(19)}}}, nil
			})}
		})
		want := 1
		if embedded {
			want = 0
		}
		if len(report.Findings) != 1-want || len(report.Errors) != want {
			t.Errorf("embedded %t: found %q, errors %q", embedded, summary(report), errorMessages(report))
		}
	}
}

// The config is judged by the version that its module uses.
func TestConfigVersion(t *testing.T) {
	const archive = `
-- go.mod --
module example.com/m

go 1.25

require google.golang.org/grpc v1.60.0

replace google.golang.org/grpc => ./grpc
-- grpc/go.mod --
module google.golang.org/grpc

go 1.25
-- grpc/grpc.go --
package grpc

const Version = "1.60.0"
-- a/a.go --
package a

import _ "google.golang.org/grpc"
-- x_service_config.json --
{"methodConfig": [{"name": [{"service": "s.S"}], "retryPolicy": {"maxAttempts": 1, "initialBackoff": "1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}]}
`
	effect := func(change func(*Options)) finding.Effect {
		t.Helper()
		report, _ := lintModule(t, archive, change)
		i := slices.IndexFunc(report.Findings, func(f Finding) bool { return f.Rule.ID == "serviceconfig/retry-policy" })
		if i < 0 {
			t.Fatalf("found\n%s\nerrors\n%s", summary(report), errorMessages(report))
		}
		return report.Findings[i].Effect
	}
	if got := effect(nil); got != finding.Ignored {
		t.Errorf("for 1.60 it is %s", got)
	}
	if got := effect(func(o *Options) { o.ServiceConfig.GRPCGo = serviceconfig.Newest }); got != finding.Rejected {
		t.Errorf("for the configured version it is %s", got)
	}
	if got := effect(func(o *Options) { o.Patterns = []string{"x_service_config.json"} }); got != finding.Ignored {
		t.Errorf("named alone it is %s", got)
	}
}

// One walk serves all patterns.
func TestScanOnce(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a/x.json", "a/testdata/y.json", "b/go.mod", "b/c/go.mod", "b/c/z.yaml"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	r := &run{trees: make(map[string]*load.Tree)}
	for _, folder := range []string{".", "a", "b", "a/testdata", "b/c"} {
		got, err := r.scan(filepath.Join(dir, folder))
		if err != nil {
			t.Fatal(err)
		}
		want, err := load.Scan(filepath.Join(dir, folder))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Modules, want.Modules) || !slices.Equal(got.Data, want.Data) {
			t.Errorf("%s: %v, want %v", folder, got, want)
		}
	}
	if len(r.trees) != 2 {
		t.Errorf("walked %d times, want 2: all, and the testdata that the first walk leaves out", len(r.trees))
	}
}
