package fix_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/format"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/rule"
)

// All safe fixes of all rules are applied to copies of real modules: the
// sample application, and whatever modules the environment variable
// GRPCLINT_MODULES names in a list like PATH. Everything still compiles that
// did, what gofmt had formatted still is, and what was fixed is gone.
//
//	GRPCLINT_MODULES=/path/to/module:/path/to/other go test ./internal/fix -run Modules -v -timeout=1h
func TestModules(t *testing.T) {
	program := filepath.Join(t.TempDir(), "grpclint.exe")
	command(t, filepath.Join("..", ".."), "go", "build", "-o", program, "./cmd/grpclint")
	sample := filepath.Join("..", "..", "testdata", "src")
	for _, dir := range append([]string{sample}, filepath.SplitList(os.Getenv("GRPCLINT_MODULES"))...) {
		patterns := "./..."
		if dir == sample {
			patterns = "./shop/..."
		}
		t.Run(filepath.Base(dir), func(t *testing.T) {
			abs, err := filepath.Abs(dir)
			if err != nil {
				t.Fatal(err)
			}
			m := &module{program: program, dir: abs, patterns: patterns}
			before := m.check(t)
			if before.fixable() == 0 {
				if dir == sample {
					t.Fatal("nothing to fix in the sample application")
				}
				t.Skipf("nothing to fix among %d findings", len(before.Findings))
			}
			broken := m.compile(t)
			m.copy(t)
			m.fix(t, before)
			m.compiles(t, broken)
			m.formatted(t, abs)
		})
	}
}

// A module, at first where it lies, then a copy.
type module struct {
	program, dir, patterns string
}

type report struct {
	Findings []struct {
		Rule, File, Message string
		Line                int
		Fixes               []struct {
			Safe  bool
			Edits []struct{ File string }
		}
	}
}

// fixable counts the findings with a safe fix.
func (r *report) fixable() int {
	n := 0
	for i := range r.Findings {
		if r.isFixable(i) {
			n++
		}
	}
	return n
}

// isFixable: files of other modules are not the user's to change.
func (r *report) isFixable(i int) bool {
	for _, fix := range r.Findings[i].Fixes {
		if fix.Safe {
			return !slices.ContainsFunc(fix.Edits, func(e struct{ File string }) bool { return !filepath.IsLocal(e.File) || strings.Contains(e.File, "@") })
		}
	}
	return false
}

func (r *report) byRule(count func(i int) bool) map[string]int {
	n := make(map[string]int)
	for i, f := range r.Findings {
		if count(i) {
			n[f.Rule]++
		}
	}
	return n
}

func (m *module) check(t *testing.T) *report {
	t.Helper()
	result := new(report)
	if err := json.Unmarshal(m.run(t), result); err != nil {
		t.Fatal(err)
	}
	return result
}

// run runs grpclint with every rule.
func (m *module) run(t *testing.T, flags ...string) []byte {
	t.Helper()
	// What does not compile in a module is no matter here.
	args := append([]string{"-all", "-severity=info", "-fail-on=never", "-format=json"}, flags...)
	return commandStatus(t, m.dir, 2, m.program, append(args, m.patterns)...)
}

// copy makes the module one that may be changed. A module that refers to
// neighbours is copied with its repository.
func (m *module) copy(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(m.dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	root := m.dir
	if bytes.Contains(text, []byte("=> ../")) {
		root = strings.TrimSpace(string(command(t, m.dir, "git", "rev-parse", "--show-toplevel")))
	}
	rel, err := filepath.Rel(root, m.dir)
	if err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	if err := os.CopyFS(work, os.DirFS(root)); err != nil {
		t.Fatal(err)
	}
	m.dir = filepath.Join(work, rel)
}

// fix applies all safe fixes. Some have to wait for others.
func (m *module) fix(t *testing.T, before *report) {
	t.Helper()
	left := before
	for range 5 {
		m.run(t, "-fix")
		after := m.check(t)
		if after.fixable() >= left.fixable() {
			break
		}
		left = after
	}
	for i, f := range left.Findings {
		if left.isFixable(i) {
			t.Errorf("not fixed: %s:%d: %s [%s]", f.File, f.Line, f.Message, f.Rule)
		}
	}
	all := func(int) bool { return true }
	found, had, fixable := left.byRule(all), before.byRule(all), before.byRule(before.isFixable)
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if want := had[id] - fixable[id]; found[id] > want && rule.MustLookup(id).On { // others are matters of style
			t.Errorf("%s: %d findings, of which %d can be fixed, and %d after fixing", id, had[id], fixable[id], found[id])
		}
	}
	t.Logf("fixed %d of %d findings: %v", before.fixable(), len(before.Findings), fixable)
}

// compile returns the packages that do not compile, those of tests included.
func (m *module) compile(t *testing.T) map[string]string {
	t.Helper()
	broken := make(map[string]string)
	stdout := commandStatus(t, m.dir, 1, "go", "list", "-e", "-export", "-test", "-json=ImportPath,Error", m.patterns)
	for decoder := json.NewDecoder(bytes.NewReader(stdout)); ; {
		var p struct {
			ImportPath string
			Error      *struct{ Err string }
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return broken
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Error != nil {
			broken[p.ImportPath] = p.Error.Err
		}
	}
}

// compiles complains of packages that compiled before the fixes.
func (m *module) compiles(t *testing.T, before map[string]string) {
	t.Helper()
	for path, message := range m.compile(t) {
		if _, was := before[path]; !was {
			t.Errorf("%s does not compile any more: %s", path, message)
		}
	}
}

// formatted compares the files with those of the original.
func (m *module) formatted(t *testing.T, original string) {
	t.Helper()
	changed := 0
	err := fs.WalkDir(os.DirFS(m.dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		before, err := os.ReadFile(filepath.Join(original, name))
		if err != nil {
			return fmt.Errorf("a new file: %w", err)
		}
		after, err := os.ReadFile(filepath.Join(m.dir, name))
		if err != nil {
			return err
		}
		if bytes.Equal(before, after) {
			return nil
		}
		changed++
		if filepath.Ext(name) == ".go" && isFormatted(before) && !isFormatted(after) {
			t.Errorf("%s: not as gofmt has it any more", name)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if changed == 0 {
		t.Error("no file has changed")
	}
	t.Logf("changed %d files", changed)
}

func isFormatted(text []byte) bool {
	formatted, err := format.Source(text)
	return err == nil && bytes.Equal(formatted, text)
}

func command(t *testing.T, dir, name string, args ...string) []byte {
	t.Helper()
	return commandStatus(t, dir, 0, name, args...)
}

// commandStatus runs a command that may exit with any status up to most.
func commandStatus(t *testing.T, dir string, most int, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	if err != nil && (cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > most) {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, stderr.String())
	}
	return stdout
}
