package nogotest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers"
)

// unitFile in the environment makes the test binary analyse the unit in it.
const unitFile = "GRPCLINT_TEST_UNIT"

// familiesOnly in the environment leaves out the analyzer that needs others.
const familiesOnly = "GRPCLINT_TEST_FAMILIES"

// maxFacts is what facts of one package may have at most: build systems keep
// them, and send them from machine to machine, for every package.
const maxFacts = 50_000

func TestMain(m *testing.M) {
	if file := os.Getenv(unitFile); file != "" {
		if err := analyse(file, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// families are the analyzers that nogo can have, one for each package.
func families() []*analysis.Analyzer {
	return slices.DeleteFunc(analyzers.All(), func(a *analysis.Analyzer) bool { return a.Name == "suppress" })
}

func analyse(file string, stdout io.Writer) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var unit Unit
	if err := json.Unmarshal(text, &unit); err != nil {
		return err
	}
	list := analyzers.All()
	if os.Getenv(familiesOnly) != "" {
		list = families()
	}
	found, err := unit.Run(list)
	if err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(found)
}

// Package by package, with facts in files, the findings in the sample
// application are those of the program, and the facts those of any other
// such run.
func TestSameFindings(t *testing.T) {
	shop, err := filepath.Abs("../../testdata/src/shop")
	if err != nil {
		t.Fatal(err)
	}
	packages := list(t, shop)
	first := build(t, packages)
	same(t, first.findings, standalone(t, shop))
	second := build(t, packages, familiesOnly+"=1")
	same(t, second.findings, first.findings)
	for path, facts := range first.facts {
		if !bytes.Equal(facts, second.facts[path]) {
			t.Errorf("%s: facts differ between two runs", path)
		}
	}
	first.checkSizes(t)
}

// The facts of other modules, in folders that the environment names, are
// small, too.
func TestSizes(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv("GRPCLINT_MODULES"))
	if len(dirs) == 0 {
		t.Skip("GRPCLINT_MODULES names no modules")
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) { build(t, list(t, dir)).checkSizes(t) })
	}
}

// The documentation lists every package that nogo can take.
func TestDocumentation(t *testing.T) {
	text, err := os.ReadFile("../../docs/nogo.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range families() {
		if !strings.Contains(string(text), "//analyzers/"+a.Name+`"`) {
			t.Errorf("docs/nogo.md lacks %s", a.Name)
		}
	}
}

// A listed package is one as go list describes it.
type listed struct {
	ImportPath, Dir, Export string
	CompiledGoFiles         []string
	Imports, Deps           []string
	Standard                bool
	DepOnly                 bool
	Module                  *struct{ Path, GoVersion string }
}

// list names packages in the order of the build: each behind its imports.
func list(t *testing.T, dir string) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-export", "-compiled", "-json=ImportPath,Dir,Export,CompiledGoFiles,Imports,Deps,Standard,DepOnly,Module", "./...")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off")
	stdout := output(t, cmd)
	var packages []listed
	for decoder := json.NewDecoder(bytes.NewReader(stdout)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

type outcome struct {
	findings []string
	facts    map[string][]byte // by package path
}

// checkSizes prints the largest facts, and complains of those too large.
func (o *outcome) checkSizes(t *testing.T) {
	t.Helper()
	var paths []string
	for path, facts := range o.facts {
		paths = append(paths, path)
		if len(facts) >= maxFacts {
			t.Errorf("%s has %d bytes of facts", path, len(facts))
		}
	}
	slices.SortFunc(paths, func(a, b string) int { return len(o.facts[b]) - len(o.facts[a]) })
	for _, path := range paths[:min(3, len(paths))] {
		t.Logf("%6d bytes of facts: %s", len(o.facts[path]), path)
	}
}

// build analyses the packages, each in a process of its own. Like nogo it
// leaves the standard library out.
func build(t *testing.T, packages []listed, env ...string) *outcome {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	exports, facts := make(map[string]string), make(map[string]string)
	result := &outcome{facts: make(map[string][]byte)}
	for i, p := range packages {
		exports[p.ImportPath] = p.Export
		if p.Standard {
			continue
		}
		unit := Unit{Path: p.ImportPath, Exports: make(map[string]string), Facts: make(map[string]string), Output: filepath.Join(work, fmt.Sprint(i, ".facts"))}
		if p.Module != nil && p.Module.GoVersion != "" {
			unit.Module, unit.GoVersion = p.Module.Path, "go"+p.Module.GoVersion
		}
		for _, name := range p.CompiledGoFiles {
			if !filepath.IsAbs(name) {
				name = filepath.Join(p.Dir, name)
			}
			unit.Files = append(unit.Files, name)
		}
		for _, dep := range p.Deps {
			unit.Exports[dep] = exports[dep]
		}
		for _, imported := range p.Imports {
			unit.Facts[imported] = facts[imported]
		}
		text, err := json.Marshal(unit)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(work, fmt.Sprint(i, ".json"))
		if err := os.WriteFile(file, text, 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(self)
		cmd.Env = append(append(os.Environ(), unitFile+"="+file), env...)
		var found []Diagnostic
		if err := json.Unmarshal(output(t, cmd), &found); err != nil {
			t.Fatal(err)
		}
		if !p.DepOnly {
			for _, d := range found {
				result.findings = append(result.findings, fmt.Sprintf("%s:%d:%d: %s", d.File, d.Line, d.Column, d.Message))
			}
		}
		facts[p.ImportPath] = unit.Output
		if result.facts[p.ImportPath], err = os.ReadFile(unit.Output); err != nil {
			t.Fatal(err)
		}
	}
	return result
}

// standalone runs the program itself, and returns its findings in Go files.
func standalone(t *testing.T, dir string) []string {
	t.Helper()
	cmd := exec.Command("go", "run", "../../cmd/grpclint", "-C", dir, "-tests=false", "-fail-on=never", "-format=json", "./...")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var report struct {
		Findings []struct {
			File, Rule, Message string
			Line, Column        int
		}
		Stats struct{ Retracted int }
	}
	if err := json.Unmarshal(output(t, cmd), &report); err != nil {
		t.Fatal(err)
	}
	if report.Stats.Retracted > 0 {
		t.Error("the program takes findings back that others do not")
	}
	var findings []string
	for _, f := range report.Findings {
		if strings.HasSuffix(f.File, ".go") {
			findings = append(findings, fmt.Sprintf("%s:%d:%d: %s [%s]", filepath.Join(dir, f.File), f.Line, f.Column, f.Message, f.Rule))
		}
	}
	return findings
}

func output(t *testing.T, cmd *exec.Cmd) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, stderr.String())
	}
	return stdout
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if len(want) < 10 || !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
