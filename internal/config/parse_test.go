package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/rule"
)

func TestParse(t *testing.T) {
	c := parse(t, `
rules:            # id or family -> off | error | warning | info
  deadline/missing: error
  suppress: off
exclude:
  - path: "internal/legacy/**"
    rules: [deadline/missing, suppress]
    reason: "goes away with v2"
proto:
  roots: [proto, third_party/googleapis]
serviceconfig:
  dialect: gapic
  grpc-go: 1.80
deadline:
  bounded-by: ["example.com/x/grpcutil.TimeoutInterceptor"]
status:
  etag-code: FAILED_PRECONDITION
`)
	want := &Config{
		File:          Name,
		Rules:         []Setting{{"deadline/missing", rule.Error}, {"suppress", rule.Off}},
		Exclude:       []Exclusion{{"internal/legacy/**", []string{"deadline/missing", "suppress"}, "goes away with v2"}},
		Proto:         Proto{Roots: []string{"proto", "third_party/googleapis"}},
		ServiceConfig: ServiceConfig{Dialect: "gapic", GRPCGo: "1.80"},
		Deadline:      Deadline{BoundedBy: []string{"example.com/x/grpcutil.TimeoutInterceptor"}},
		Status:        Status{ETagCode: "FAILED_PRECONDITION"},
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
}

// What says nothing is no mistake: people comment out the last line of a
// section.
func TestParseNothing(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing yet\n", "---\n", "rules:\n", "rules: {}\nexclude: []\n", "deadline:\n  # bounded-by: []\n", "exclude:\n"} {
		c, err := Parse("", []byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if !reflect.DeepEqual(c, Default()) {
			t.Errorf("%q changes the defaults: %+v", text, c)
		}
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		name string
		text string
		want string // one line per mistake
	}{
		{"unknown key", "rule:\n  deadline: off\n", `1:1: unknown key "rule" (nearest: rules)`},
		{"unknown key, nothing near", "rules: {}\nlinters: []\n", `2:1: unknown key "linters" (known: deadline, deploy, exclude, proto, rules, run, serviceconfig, status)`},
		{"unknown nested key", "deadline:\n  bounded_by: []\n", `2:3: unknown key "bounded_by" in deadline (nearest: bounded-by)`},
		{"unknown rule", "rules:\n  deadline/mising: off\n", `2:3: unknown rule "deadline/mising" (nearest: deadline/missing)`},
		{"unknown severity", "rules:\n  deadline/missing: fatal\n", `2:21: deadline/missing: "fatal" is no severity (known: error, warning, info, off)`},
		{"no severity", "rules:\n  deadline/missing:\n", `2:20: deadline/missing: nothing is no severity (known: error, warning, info, off)`},
		{"key twice", "rules: {deadline: off}\nrules: {suppress: off}\n", `2:1: key "rules" is given twice (first on line 1)`},
		{"rule twice", "rules:\n  deadline: off\n  deadline: error\n", `3:3: key "deadline" is given twice (first on line 2)`},
		{"a list for a mapping", "rules: [deadline]\n", `1:8: rules holds a list; it takes keys and values`},
		{"a mapping for a list", "exclude: {path: a}\n", `1:10: exclude holds a mapping; it takes a list`},
		{"a value for a list", "proto:\n  roots: proto\n", `2:10: proto.roots holds "proto"; it takes a list`},
		{"a list for a value", "status: {etag-code: [ABORTED]}\n", `1:21: a list, where one value is expected`},
		{"not a mapping", "deadline\n", `1:1: the file holds "deadline"; it takes keys and values`},
		{"exclude without path", "exclude:\n  - rules: [deadline]\n    reason: x\n", `2:5: exclude: no path`},
		{"exclude without rules", "exclude:\n  - path: a\n    reason: x\n", `2:5: exclude: no rules`},
		{"exclude without reason", "exclude:\n  - path: a\n    rules: [deadline]\n", `2:5: exclude: no reason; say why, so that somebody can remove the entry one day`},
		{"exclude with blank reason", "exclude:\n  - path: a\n    rules: [deadline]\n    reason: ' '\n", `4:13: empty reason`},
		{"exclude with unknown rule", "exclude:\n  - path: a\n    rules: [deadlin]\n    reason: x\n", `3:13: unknown rule "deadlin" (nearest: deadline)`},
		{"absolute path", "exclude:\n  - path: /a\n    rules: [deadline]\n    reason: x\n", `2:11: path "/a" is absolute; it is relative to the folder of .grpclint.yaml`},
		{"path above", "exclude:\n  - path: ../a\n    rules: [deadline]\n    reason: x\n", `2:11: path "../a" leaves the folder of .grpclint.yaml`},
		{"backslash", "exclude:\n  - path: a\\b\n    rules: [deadline]\n    reason: x\n", `2:11: path "a\\b": folders are separated by / on every system`},
		{"half a folder", "exclude:\n  - path: a**/b\n    rules: [deadline]\n    reason: x\n", `2:11: path "a**/b": ** stands for whole folders, as in a/**/b`},
		{"bad pattern", "exclude:\n  - path: 'a/[b'\n    rules: [deadline]\n    reason: x\n", `2:11: path "a/[b": syntax error in pattern`},
		{"unknown dialect", "serviceconfig: {dialect: go}\n", `1:26: unknown value "go" (known: auto, runtime, gapic)`},
		{"no version of nginx", "deploy: {nginx: stable}\n", `1:17: "stable" is no version of nginx (such as "1.29.7")`},
		{"no version", "serviceconfig: {grpc-go: latest}\n", `1:26: "latest" is no version of grpc-go (such as "1.85.0")`},
		{"no function", "deadline:\n  bounded-by: [Timeout]\n", `2:16: "Timeout" names no function (such as "example.com/x/grpcutil.TimeoutInterceptor")`},
		{"no code", "status: {etag-code: CONFLICT}\n", `1:21: "CONFLICT" is no status code (such as "ABORTED")`},
		{"code by number", "status: {etag-code: 10}\n", `1:21: "10" is no status code (such as "ABORTED")`},
		{"empty root", "proto: {roots: ['']}\n", `1:17: empty folder name`},
		{"unknown severity of a run", "run: {severity: warn}\n", `1:17: unknown value "warn" (nearest: warning)`},
		{"never is no severity", "run: {severity: never}\n", `1:17: unknown value "never" (known: error, warning, info)`},
		{"no boolean", "run: {tests: 'yes'}\n", `1:14: "yes", where true or false is expected`},
		{"no build", "run: {matrix: [linux]}\n", `1:16: "linux" is no build: write GOOS/GOARCH, such as linux/amd64, or host, each with +TAG for build tags`},
		{"a build twice", "run:\n  matrix: [host, host]\n", `2:11: host is there twice`},
		{"no tag", "run: {tags: 'a b'}\n", `1:13: "a b" is no build tag`},
		{"unknown key of a run", "run: {fail_on: info}\n", `1:7: unknown key "fail_on" in run (nearest: fail-on)`},
		{"second document", "rules: {}\n---\nrules: {}\n", `2:1: a second YAML document; grpclint reads one`},
		{"alias", "rules: &r {deadline: off}\nproto: *r\n", `2:8: aliases (*r) are not supported`},
		{"merge key", "deadline: {<<: {bounded-by: []}}\n", `1:12: unknown key "<<" in deadline (known: bounded-by)`},
		{"no YAML", "rules: {\n", `not valid YAML: `},
		{"tab", "rules:\n\tdeadline: off\n", `not valid YAML: `},
		{"every mistake", "rules: {deadlin: off}\nstatus: {etag: ABORTED}\n", "1:9: unknown rule \"deadlin\" (nearest: deadline)\n2:10: unknown key \"etag\" in status (known: etag-code)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse("dir/"+Name, []byte(test.text))
			if err == nil {
				t.Fatal("no error")
			}
			got := strings.ReplaceAll(err.Error(), "dir/"+Name+":", "")
			if strings.HasPrefix(test.want, "not valid YAML") {
				if !strings.Contains(got, test.want) { // the rest is the library's
					t.Errorf("got %s", got)
				}
				return
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			var one *Error
			if !errors.As(err, &one) || one.Line == 0 || one.File != "dir/"+Name {
				t.Errorf("the error does not carry its place: %#v", one)
			}
		})
	}
}

// The effective configuration is a configuration file that says the same.
func TestYAML(t *testing.T) {
	for _, text := range []string{
		"",
		"rules: {deadline: off, suppress/unused: error}",
		"exclude: [{path: 'a/**', rules: [deadline], reason: 'a: \"b\" # c'}]",
		"proto: {roots: [proto]}\nserviceconfig: {dialect: runtime, grpc-go: 1.70.0}\nstatus: {etag-code: FAILED_PRECONDITION}\ndeadline: {bounded-by: [a/b.C]}",
		"run: {severity: info, fail-on: never, tests: false, tags: [a, b], generated: true, matrix: [host, linux/arm64+a], modules: true}",
		"run: {fail-on: error}",
	} {
		checkRoundTrip(t, parse(t, text))
	}
}

func TestRun(t *testing.T) {
	for _, text := range []string{
		"run: {severity: info, fail-on: never, tests: false, tags: [a, b], matrix: [host, +a]}",
		"run: {severity: info, fail-on: never, tests: false, tags: 'a, b', matrix: 'host,+a'}",
	} {
		run := parse(t, text).Run
		if *run.Severity != rule.Info || *run.FailOn != 0 || *run.Tests || !slices.Equal(run.Tags, []string{"a", "b"}) || len(run.Matrix) != 2 || run.Modules != nil || run.Generated != nil {
			t.Errorf("%s: %+v", text, run)
		}
	}
}

func checkRoundTrip(t *testing.T, c *Config) {
	t.Helper()
	text, err := c.YAML()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse(c.File, text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	for _, r := range rule.All() {
		if got, want := again.Severity(r), c.Severity(r); got != want {
			t.Errorf("%s: %v, want %v", r.ID, got, want)
		}
	}
	second, err := again.YAML()
	if err != nil {
		t.Fatal(err)
	}
	if string(second) != string(text) {
		t.Errorf("written again:\n%s\nfirst:\n%s", second, text)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"rules:\n  deadline/missing: error\n",
		"exclude:\n  - path: \"a/**\"\n    rules: [deadline]\n    reason: \"x\"\n",
		"proto: {roots: [a, 'b c']}\nserviceconfig: {dialect: gapic, grpc-go: v1.85.0}\n",
		"deploy: {nginx: 1.29.7, skip: ['charts/**']}\n",
		"deadline: {bounded-by: [a.B]}\nstatus: {etag-code: ABORTED}\n",
		"a: &a [*a]\n", "? [a]\n: b\n", "--- a\n--- b\n", "{", "\xff", "\ufeffrules: {}\n", "%YAML 1.1\n---\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse(Name, data)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error that says nothing")
			}
			return
		}
		for _, e := range c.Exclude {
			matchGlob(e.Path, "a/b/c/d/e.go")
		}
		checkRoundTrip(t, c)
	})
}

// A file of another kind does not fill the screen.
func TestTooManyMistakes(t *testing.T) {
	var text strings.Builder
	text.WriteString("rules:\n")
	for i := range 1000 {
		fmt.Fprintf(&text, "  no/rule-%d: error\n", i)
	}
	_, err := Parse(".grpclint.yaml", []byte(text.String()))
	all, ok := errors.AsType[Errors](err)
	if !ok || len(all) != 101 {
		t.Fatalf("%d mistakes: %.200v", len(all), err)
	}
	if last := all[100]; last.Line != 102 || !strings.Contains(last.Message, "too many mistakes") {
		t.Errorf("the last: %v", last)
	}
}
