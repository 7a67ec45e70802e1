package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// The incorrect files of each page are reported by its rule alone, the correct
// ones by none: as a program of its own, with its protos and manifests.
func TestManifestPages(t *testing.T) {
	for _, r := range rule.Family("deploy") {
		for _, heading := range []string{"Incorrect", "Correct"} {
			t.Run(r.Name()+"/"+heading, func(t *testing.T) {
				t.Parallel()
				report := checkPage(t, r, heading)
				found := make(map[string]int)
				for _, f := range report.Findings {
					found[f.Rule.ID]++
					t.Logf("%s:%d: %s [%s]", f.File, f.Line, f.Message, f.Rule.ID)
				}
				for _, e := range report.Errors {
					t.Errorf("%s:%d: %s", e.File, e.Line, e.Message)
				}
				want := map[string]int{}
				if heading == "Incorrect" {
					want[r.ID] = 1
				}
				if fmt.Sprint(found) != fmt.Sprint(want) {
					t.Errorf("found %v, want %v", found, want)
				}
			})
		}
	}
}

var block = regexp.MustCompile("(?sm)^```(\\w+)\n(.*?)^```$")

// checkPage writes the files below a heading into a folder and checks it.
func checkPage(t *testing.T, r *rule.Rule, heading string) *Report {
	t.Helper()
	_, text, ok := strings.Cut(r.Page(), "## "+heading+"\n")
	if !ok {
		t.Fatal("no heading")
	}
	text, _, _ = strings.Cut(text, "\n## ")
	files := map[string]string{}
	for i, m := range block.FindAllStringSubmatch(text, -1) {
		name := map[string]string{
			"go": "orders/main.go", "proto": "shop/v1/orders.proto", "json": "orders_service_config.json",
			"yaml": fmt.Sprintf("deploy/%d.yaml", i), "nginx": "deploy/nginx.conf", "dockerfile": "orders/Dockerfile",
		}[m[1]]
		if name == "" || files[name] != "" {
			t.Fatalf("a second block, or one of an unknown language: %s", m[1])
		}
		files[name] = m[2]
		if m[1] == "go" {
			files["go.mod"] = realModule(t)
		}
	}
	if len(files) == 0 {
		t.Fatal("no code")
	}
	return checkFiles(t, files, onlyDeploy{only: r})
}

// onlyDeploy is a policy by which the rules about manifests run, and what they
// stand beside in examples does not.
type onlyDeploy struct {
	only *rule.Rule // which is on though it is off by default; nil for none
}

func (p onlyDeploy) Severity(r *rule.Rule) rule.Severity {
	if r.Family() != "deploy" || !r.On && r != p.only {
		return rule.Off
	}
	return r.Severity
}

func (p onlyDeploy) FindingSeverity(f *finding.Finding) rule.Severity {
	return min(p.Severity(f.Rule), f.EffectiveSeverity())
}

func (onlyDeploy) Lowest(_ *rule.Rule, lowest rule.Severity) rule.Severity { return lowest }

func (onlyDeploy) Excluded(string, *rule.Rule) bool { return false }

// realModule is the go.mod of a module that has what the tests' module has, and
// its stubs.
func realModule(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile("../../testdata/src/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	stubs, err := filepath.Abs("../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(content), "module example.com/testdata\n", "module example.com/shop\n", 1)
	return text + "\nrequire (\n\texample.com/testdata v0.0.0\n\tgithub.com/grpc-ecosystem/go-grpc-prometheus v1.2.0\n\tgithub.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus v1.1.1\n)\n\nreplace (\n\texample.com/testdata => " + filepath.ToSlash(stubs) +
		"\n\tgithub.com/grpc-ecosystem/go-grpc-prometheus => ./prometheus\n\tgithub.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus => ./provider\n)\n"
}

// prometheus stands for the archived library.
const prometheus = `package grpc_prometheus

import (
	"context"

	"google.golang.org/grpc"
)

func EnableHandlingTimeHistogram() {}

func UnaryServerInterceptor(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	return handler(ctx, req)
}
`

// provider stands for its successor.
const provider = `package prometheus

import "google.golang.org/grpc"

type ServerMetrics struct{}

func NewServerMetrics() *ServerMetrics { return new(ServerMetrics) }

func (*ServerMetrics) UnaryServerInterceptor() grpc.UnaryServerInterceptor { return nil }
`

// checkFiles writes files into a folder and checks it as a user would.
func checkFiles(t *testing.T, files map[string]string, policy Policy) *Report {
	t.Helper()
	options := optionsFor(t, files)
	options.Policy = policy
	return Run(options)
}

// optionsFor writes files into a folder and returns the options of a run on it.
func optionsFor(t *testing.T, files map[string]string) Options {
	t.Helper()
	dir := resolved(t.TempDir())
	if files["go.mod"] != "" {
		sums, err := os.ReadFile("../../testdata/src/go.sum")
		if err != nil {
			t.Fatal(err)
		}
		files["go.sum"] = string(sums)
		files["prometheus/go.mod"] = "module github.com/grpc-ecosystem/go-grpc-prometheus\n\ngo 1.26.0\n"
		files["prometheus/prometheus.go"] = prometheus
		files["provider/go.mod"] = "module github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus\n\ngo 1.26.0\n"
		files["provider/prometheus.go"] = provider
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return Options{
		Dir: dir, Tests: true, Policy: onlyDeploy{}, Severity: rule.Info, FailOn: rule.Warning,
		Env: append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off"),
	}
}
