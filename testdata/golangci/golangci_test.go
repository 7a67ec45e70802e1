package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// config runs grpclint and nothing else.
const config = `version: "2"
linters:
  default: none
  enable: [grpclint]
  settings:
    custom:
      grpclint:
        type: module
        settings:
          rules:
            conn/deprecated-dial: warning
issues:
  max-issues-per-linter: 0
  max-same-issues: 0
`

// build builds a program of this module.
func build(t *testing.T, name, pkg string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name)
	run(t, ".", "go", "build", "-o", program, pkg)
	return program
}

// run runs a command and returns its standard output; status 1 means
// findings.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOLANGCI_LINT_CACHE="+filepath.Join(dir, ".cache"))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		t.Fatalf("%s %v: %v\n%s%s", name, args, err, out, stderr.String())
	}
	return string(out)
}

// shop copies the sample application with its module, so that it can be
// changed.
func shop(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	module := filepath.Join("..", "src")
	for _, folder := range []string{"shop", "stubs"} {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS(filepath.Join(module, folder))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum"} {
		text, err := fs.ReadFile(os.DirFS(module), file)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, file), string(text))
	}
	write(t, filepath.Join(dir, ".golangci.yml"), config)
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func edit(t *testing.T, path, old, text string) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(before), old) {
		t.Fatalf("%s has no %q", path, old)
	}
	write(t, path, strings.Replace(string(before), old, text, 1))
}

var ofText = regexp.MustCompile(`(?m)^(\S+\.go:\d+:\d+): .* \[([a-z]+/[a-z-]+)\] \(grpclint\)$`)

// golangci returns what golangci-lint finds, "file:line:column rule" each.
func golangci(t *testing.T, program, dir string) []string {
	t.Helper()
	out := run(t, dir, program, "run", "--output.text.path=stdout", "--output.text.print-issued-lines=false", "./shop/...")
	var found []string
	for _, m := range ofText.FindAllStringSubmatch(out, -1) {
		found = append(found, m[1]+" "+m[2])
	}
	if len(found) == 0 {
		t.Fatalf("golangci-lint finds nothing:\n%s", out)
	}
	slices.Sort(found)
	return found
}

// grpclint returns what the program finds in Go files.
func grpclint(t *testing.T, program, dir string) []string {
	t.Helper()
	out := run(t, dir, program, "-format=json", "-enable=conn/deprecated-dial", "-severity=info", "./shop/...")
	var document struct {
		Findings []struct {
			Rule, Severity, File string
			Line, Column         int
		}
	}
	if err := json.Unmarshal([]byte(out), &document); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range document.Findings {
		if filepath.Ext(f.File) == ".go" && (f.Severity != "info" || f.Rule == "conn/deprecated-dial") {
			found = append(found, fmt.Sprintf("%s:%d:%d %s", f.File, f.Line, f.Column, f.Rule))
		}
	}
	slices.Sort(found)
	return found
}

func without(found []string, part string) []string {
	return slices.DeleteFunc(slices.Clone(found), func(line string) bool { return strings.Contains(line, part) })
}

// The plug-in finds what the program finds, a second time from the cache,
// heeds //nolint, and applies fixes.
func TestPlugin(t *testing.T) {
	linter := build(t, "golangci-lint", ".")
	program := build(t, "grpclint", "github.com/grpclint/grpclint/cmd/grpclint")
	dir := shop(t)
	want := grpclint(t, program, dir)
	for _, what := range []string{"first", "cached"} {
		if got := golangci(t, linter, dir); !slices.Equal(got, want) {
			t.Errorf("%s run: golangci-lint finds\n%s\ngrpclint finds\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}

	recent := filepath.Join(dir, "shop/gateway/internal/api/recent.go")
	edit(t, recent, "ListOrders(context.Background(),", "ListOrders(context.Background(), //nolint:grpclint // tried out here\n")
	if got, want := without(golangci(t, linter, dir), "recent.go"), without(want, "recent.go"); !slices.Equal(got, want) {
		t.Errorf("with //nolint elsewhere: %s", strings.Join(got, "\n"))
	}
	if got := golangci(t, linter, dir); slices.ContainsFunc(got, func(line string) bool {
		return strings.Contains(line, "recent.go") && strings.HasSuffix(line, "deadline/missing")
	}) {
		t.Error("//nolint:grpclint is not heeded")
	}

	run(t, dir, linter, "run", "--fix", "./shop/...")
	left := golangci(t, linter, dir)
	if len(left) >= len(want)-1 {
		t.Errorf("after --fix there are %d findings of %d:\n%s", len(left), len(want), strings.Join(left, "\n"))
	}
	run(t, dir, "go", "build", "./shop/...")
}
