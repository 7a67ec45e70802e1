package command

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/internal/config"
	"github.com/grpclint/grpclint/rule"
)

// run calls a subcommand and returns what it printed.
func run(t *testing.T, command func(context.Context, []string, io.Writer, io.Writer) int, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err strings.Builder
	status = command(t.Context(), args, &out, &err)
	return status, out.String(), err.String()
}

// Every wrong use ends with status 2, says on standard error what is wrong,
// and prints nothing that could pass for a result.
func TestWrongUse(t *testing.T) {
	empty := t.TempDir()
	tests := []struct {
		name    string
		command func(context.Context, []string, io.Writer, io.Writer) int
		args    []string
		want    string
	}{
		{"explain nothing", Explain, nil, "explain takes one rule"},
		{"explain two", Explain, []string{"deadline/missing", "deadline/detached"}, "explain takes one rule"},
		{"explain unknown", Explain, []string{"deadline/mising"}, `unknown rule "deadline/mising" (nearest: deadline/missing)`},
		{"explain far off", Explain, []string{"x"}, `unknown rule "x"`},
		{"explain a method", Explain, []string{"-method=a.B/C", "-C", empty}, "there is no service a.B"},
		{"explain a config and a rule", Explain, []string{"-service-config=x.json", "deadline"}, "no other arguments"},
		{"explain no config", Explain, []string{"-service-config", filepath.Join(empty, "x.json")}, "x.json: no such file"},
		{"unknown flag", Rules, []string{"-fromat=json"}, "unknown flag -fromat (nearest: -format)"},
		{"unknown flag, nothing near", Rules, []string{"-zzzzzzzzzzzz"}, "unknown flag -zzzzzzzzzzzz"},
		{"unknown format", Rules, []string{"-format=xml"}, `unknown format "xml" (known: text, json)`},
		{"rules with argument", Rules, []string{"deadline"}, `rules takes no arguments, got "deadline"`},
		{"config with argument", Config, []string{"x"}, `config takes no arguments, got "x"`},
		{"config of a missing file", Config, []string{"-C", empty, "-config", "x.yaml"}, "x.yaml"},
		{"config with unknown rule", Config, []string{"-enable=deadline/mising"}, "nearest: deadline/missing"},
		{"version with argument", Version, []string{"x"}, `version takes no arguments, got "x"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, stdout, stderr := run(t, test.command, test.args...)
			if status != 2 {
				t.Errorf("status %d, want 2", status)
			}
			if stdout != "" {
				t.Errorf("standard output: %s", stdout)
			}
			if !strings.Contains(stderr, test.want) {
				t.Errorf("standard error: %s\nwant: %s", stderr, test.want)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	for name, command := range map[string]func(context.Context, []string, io.Writer, io.Writer) int{
		"explain": Explain, "rules": Rules, "config": Config, "version": Version,
	} {
		status, stdout, stderr := run(t, command, "-h")
		if status != 0 || stderr != "" || !strings.HasPrefix(stdout, "usage: grpclint "+name) {
			t.Errorf("%s -h: status %d, output %q, errors %q", name, status, stdout, stderr)
		}
	}
}

func TestExplainEveryRule(t *testing.T) {
	for _, r := range rule.All() {
		status, stdout, stderr := run(t, Explain, r.ID)
		if status != 0 || stderr != "" {
			t.Errorf("%s: status %d, %s", r.ID, status, stderr)
			continue
		}
		for _, want := range []string{r.ID + ": " + r.Summary, r.URL(), "WHAT IT REPORTS", "WHEN IT STAYS SILENT"} {
			if !strings.Contains(stdout, want) {
				t.Errorf("%s: no %q in\n%s", r.ID, want, stdout)
			}
		}
		for _, markup := range []string{"```", "](", "\n#", "\t"} {
			if strings.Contains(stdout, markup) {
				t.Errorf("%s: markup %q is left over", r.ID, markup)
			}
		}
	}
}

func TestExplainFamily(t *testing.T) {
	status, stdout, _ := run(t, Explain, "suppress")
	if status != 0 {
		t.Fatalf("status %d", status)
	}
	for _, r := range rule.Family("suppress") {
		if !strings.Contains(stdout, r.ID) || !strings.Contains(stdout, r.Summary) {
			t.Errorf("%s is not listed in\n%s", r.ID, stdout)
		}
	}
}

func TestPlainText(t *testing.T) {
	const base = "https://example.com/docs/rules/a/b.md"
	tests := []struct{ markdown, want string }{
		{"## Why it matters\n", "WHY IT MATTERS\n"},
		{"A word.\n", "  A word.\n"},
		{"- One.\n- Two.\n", "  - One.\n  - Two.\n"},
		{"```go\nif x {\n\ty()\n\n}\n```\n", "    if x {\n        y()\n\n    }\n"},
		{"See [the guide](https://grpc.io/x).\n", "  See the guide <https://grpc.io/x>.\n"},
		{"See [deadline/missing](../deadline/missing.md).\n", "  See deadline/missing.\n"},
		{"See [more](../../more.md).\n", "  See more <https://example.com/docs/more.md>.\n"},
		{strings.Repeat("four ", 20) + "\n", "  " + strings.TrimSpace(strings.Repeat("four ", 15)) + "\n  " + strings.TrimSpace(strings.Repeat("four ", 5)) + "\n"},
		{"- " + strings.Repeat("four ", 20) + "\n", "  - " + strings.TrimSpace(strings.Repeat("four ", 15)) + "\n    " + strings.TrimSpace(strings.Repeat("four ", 5)) + "\n"},
		{"a " + strings.Repeat("x", 90) + " b\n", "  a\n  " + strings.Repeat("x", 90) + "\n  b\n"},
	}
	for _, test := range tests {
		if got := plainText(test.markdown, base); got != test.want {
			t.Errorf("%q\ngot  %q\nwant %q", test.markdown, got, test.want)
		}
	}
}

func TestRulesText(t *testing.T) {
	status, stdout, _ := run(t, Rules)
	if lines := strings.Count(stdout, "\n"); status != 0 || lines != len(rule.All())+1 {
		t.Errorf("status %d, %d lines for %d rules and a heading", status, lines, len(rule.All()))
	}
}

func TestRulesJSON(t *testing.T) {
	status, stdout, _ := run(t, Rules, "-format=json")
	if status != 0 {
		t.Fatalf("status %d", status)
	}
	var document struct {
		Version int
		Rules   []map[string]any
	}
	if err := json.Unmarshal([]byte(stdout), &document); err != nil {
		t.Fatal(err)
	}
	if document.Version != 1 || len(document.Rules) != len(rule.All()) {
		t.Fatalf("version %d, %d rules", document.Version, len(document.Rules))
	}
	for i, r := range rule.All() {
		got := document.Rules[i]
		if got["id"] != r.ID || got["severity"] != r.Severity.String() || got["fix"] != r.Fix.String() || got["url"] != r.URL() {
			t.Errorf("%s is written as %v", r.ID, got)
		}
		for _, key := range []string{"summary", "default", "since"} {
			if text, _ := got[key].(string); text == "" {
				t.Errorf("%s: %s is %v", r.ID, key, got[key])
			}
		}
		for _, key := range []string{"tags", "aliases"} {
			if _, isList := got[key].([]any); !isList {
				t.Errorf("%s: %s is %v, no list", r.ID, key, got[key])
			}
		}
	}
}

func TestConfig(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, config.Name)
	if err := os.WriteFile(file, []byte("rules: {deadline/missing: error}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := run(t, Config, "-C", dir, "-disable=suppress")
	if status != 0 || stderr != "" {
		t.Fatalf("status %d, %s", status, stderr)
	}
	for _, want := range []string{file, "deadline/missing: error\n", "suppress/unused: off\n"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	if _, err := config.Parse("", []byte(stdout)); err != nil {
		t.Errorf("what config prints is no configuration: %v", err)
	}
}

func TestVetFlags(t *testing.T) {
	tests := []struct{ file, want string }{
		{"", ""},
		{"rules: {deadline/missing: error}", ""}, // shown either way
		{"rules: {deadline/missing: off}", "-deadline.disable=missing"},
		{"rules: {deadline/missing: info}", "-deadline.disable=missing"}, // as check: below what is shown
		{"rules: {suppress: off, deadline/missing: off}", "-deadline.disable=missing -suppress.disable=no-reason,unknown,unused"},
		{"deadline: {bounded-by: [a/b.C, a/b.D]}", "-deadline.bounded-by=a/b.C,a/b.D"},
		{"status: {etag-code: FAILED_PRECONDITION}", "-status.etag-code=FAILED_PRECONDITION"},
		{"status: {etag-code: ABORTED}", ""},
		{"serviceconfig: {grpc-go: 1.70.0, dialect: gapic}", "-serviceconfig.grpc-go=1.70.0"},
	}
	for _, test := range tests {
		c, err := config.Parse("", []byte(test.file))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(vetFlags(c), " "); got != test.want {
			t.Errorf("%s: %s, want %s", test.file, got, test.want)
		}
	}
}

// What is printed for go vet, go vet accepts.
func TestVetFlagsExist(t *testing.T) {
	families := make(map[string]*analysis.Analyzer)
	for _, a := range analyzers.All() {
		families[a.Name] = a
	}
	var reversed strings.Builder // every rule as it is not by default
	reversed.WriteString("deadline: {bounded-by: [a/b.C, a/b.T.M]}\nserviceconfig: {grpc-go: 1.70.0}\nrules:\n")
	for _, r := range rule.All() {
		severity := rule.Off
		if !r.On || r.Severity < rule.Warning {
			severity = rule.Error
		}
		fmt.Fprintf(&reversed, "  %s: %s\n", r.ID, severity)
	}
	c, err := config.Parse("", []byte(reversed.String()))
	if err != nil {
		t.Fatal(err)
	}
	flags := vetFlags(c)
	if len(flags) <= len(families) {
		t.Errorf("flags %q for %d families", flags, len(families))
	}
	for _, f := range flags {
		name, value, _ := strings.Cut(strings.TrimPrefix(f, "-"), "=")
		family, name, _ := strings.Cut(name, ".")
		a := families[family]
		if a == nil {
			t.Errorf("%s: there is no analyzer %s", f, family)
			continue
		}
		known := a.Flags.Lookup(name)
		if known == nil {
			t.Errorf("%s: the analyzer has no such flag", f)
			continue
		}
		// The analyzers are shared: leave them as they were.
		before := known.Value.String()
		if err := known.Value.Set(value); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		if err := known.Value.Set(before); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}

func TestVetFlagsSayWhatTheyLeaveOut(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, config.Name), []byte("exclude: [{path: a, rules: [deadline], reason: x}]\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := run(t, Config, "-C", dir, "-vet-flags")
	if status != 0 || stdout != "" || !strings.Contains(stderr, "exclude") {
		t.Errorf("status %d, output %q, errors %q", status, stdout, stderr)
	}
}

func TestVersionText(t *testing.T) {
	tests := []struct {
		name string
		info *debug.BuildInfo
		want []string
	}{
		{"no build info", nil, []string{"grpclint (devel)\n", "built with go1."}},
		{"release", &debug.BuildInfo{GoVersion: "go1.99", Main: debug.Module{Version: "v0.1.0"}}, []string{"grpclint v0.1.0\n", "built with go1.99 for "}},
		{"checkout", &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-01-02T03:04:05Z"}, {Key: "vcs.modified", Value: "true"},
		}}, []string{"grpclint (devel)\n", "revision abc of 2026-01-02T03:04:05Z, modified\n"}},
	}
	for _, test := range tests {
		got := versionText(test.info)
		for _, want := range test.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", test.name, want, got)
			}
		}
	}
}

func TestVersion(t *testing.T) {
	if status, stdout, _ := run(t, Version); status != 0 || !strings.HasPrefix(stdout, "grpclint ") {
		t.Errorf("status %d, %q", status, stdout)
	}
}
