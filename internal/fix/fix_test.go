package fix

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/load"
)

// replacing makes a finding whose fix replaces old by new in the text of
// a.go, at its n-th place.
func replacing(text, old, new string, safe bool) lint.Finding {
	at := strings.Index(text, old)
	return lint.Finding{Fixes: []lint.Fix{{Safe: safe, Edits: []lint.Edit{
		{File: "a.go", Path: "/a.go", Start: at, End: at + len(old), NewText: new, Analysed: load.SumOf([]byte(text))},
	}}}}
}

func reader(text string) func(string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		if path != "/a.go" {
			return nil, errors.New("no such file")
		}
		return []byte(text), nil
	}
}

func TestMake(t *testing.T) {
	const text = "package a\n\nvar x = one\n\nvar y = two\n"
	insert := func(at int, new string) lint.Finding {
		return lint.Finding{Fixes: []lint.Fix{{Safe: true, Edits: []lint.Edit{
			{File: "a.go", Path: "/a.go", Start: at, End: at, NewText: new, Analysed: load.SumOf([]byte(text))},
		}}}}
	}
	tests := []struct {
		name     string
		findings []lint.Finding
		want     string
		fixed    int
		waiting  int
		failures string
	}{
		{"two places", []lint.Finding{replacing(text, "two", "2", true), replacing(text, "one", "1", true)},
			"package a\n\nvar x = 1\n\nvar y = 2\n", 2, 0, ""},
		{"suggested ones stay", []lint.Finding{replacing(text, "one", "1", false)}, "", 0, 0, ""},
		{"overlap", []lint.Finding{replacing(text, "x = one", "x = 1", true), replacing(text, "one", "3", true)},
			"package a\n\nvar x = 1\n\nvar y = two\n", 1, 1, ""},
		{"same edit", []lint.Finding{replacing(text, "one", "1", true), replacing(text, "one", "1", true)},
			"package a\n\nvar x = 1\n\nvar y = two\n", 2, 0, ""},
		{"same insertion", []lint.Finding{insert(10, "\nimport \"time\"\n"), insert(10, "\nimport \"time\"\n")},
			"package a\n\nimport \"time\"\n\nvar x = one\n\nvar y = two\n", 2, 0, ""},
		{"different insertions", []lint.Finding{insert(10, "\nimport \"time\"\n"), insert(10, "\nimport \"fmt\"\n")},
			"package a\n\nimport \"time\"\n\nvar x = one\n\nvar y = two\n", 1, 1, ""},
		{"formats", []lint.Finding{replacing(text, "x = one", "x=1", true)},
			"package a\n\nvar x = 1\n\nvar y = two\n", 1, 0, ""},
		{"breaks the file", []lint.Finding{replacing(text, "x = one", "x = (", true)}, "", 0, 0, "a.go: internal error: the fix gives code that does not parse: a.go:5:1: expected operand, found 'var'"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plan := Make(test.findings, Safe, reader(text))
			got := ""
			if len(plan.Files) > 0 {
				got = string(plan.Files[0].After)
			}
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
			if len(plan.Fixed) != test.fixed {
				t.Errorf("fixed %d findings, want %d", len(plan.Fixed), test.fixed)
			}
			if plan.Waiting != test.waiting || failures(plan) != test.failures {
				t.Errorf("%d wait, want %d; failures are %q, want %q", plan.Waiting, test.waiting, failures(plan), test.failures)
			}
		})
	}
}

func TestMakeLeavesAlone(t *testing.T) {
	const text = "package a\n\nvar x = one\n"
	foreign := replacing(text, "one", "1", true)
	foreign.Fixes[0].Edits[0].Foreign = true
	changed := replacing(text, "one", "1", true)
	changed.Fixes[0].Edits[0].Analysed[0]++
	missing := replacing(text, "one", "1", true)
	missing.Fixes[0].Edits[0].Path = "/b.go"
	plan := Make([]lint.Finding{foreign, changed}, First, reader(text))
	if len(plan.Files) != 0 || len(plan.Fixed) != 0 || failures(plan) != "a.go: the file was changed while it was checked" {
		t.Errorf("a changed file: %+v", plan)
	}
	plan = Make([]lint.Finding{missing}, First, reader(text))
	if len(plan.Files) != 0 || failures(plan) != "a.go: no such file" {
		t.Errorf("a missing file: %+v", plan)
	}
	// Text that nobody formatted stays as it is around the edit.
	const odd = "package a\nvar   x = one\n"
	plan = Make([]lint.Finding{replacing(odd, "one", "1", true)}, Safe, reader(odd))
	if got := string(plan.Files[0].After); got != "package a\nvar   x = 1\n" {
		t.Errorf("got %q", got)
	}
}

// failures are those of a plan, one a line.
func failures(plan *Plan) string {
	var lines []string
	for _, f := range plan.Failures {
		lines = append(lines, f.Name+": "+f.Reason)
	}
	return strings.Join(lines, "\n")
}

// Of several files those that can be written are, and the others are named, as
// they are when the fixes are planned.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	const text = "package a\n\nvar x = one\n"
	var findings []lint.Finding
	for _, name := range []string{"a.go", "gone.go", "b.go", "link.go", "c.go", "readonly.go"} {
		path := filepath.Join(dir, name)
		f := replacing(text, "one", "1", true)
		f.Fixes[0].Edits[0].File, f.Fixes[0].Edits[0].Path = name, path
		findings = append(findings, f)
		if name == "link.go" {
			if err := os.Symlink("a.go", path); err != nil {
				t.Skip("no symbolic links here")
			}
		} else if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "readonly.go"), 0o440); err != nil {
		t.Fatal(err)
	}
	plan := Make(findings, Safe, ReadFile)
	if got, want := failures(plan), "link.go: is a link\nreadonly.go: is read-only"; got != want || len(plan.Files) != 4 {
		t.Errorf("failures are\n%s\nwant\n%s", got, want)
	}
	if err := os.Remove(filepath.Join(dir, "gone.go")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "b.go"), []byte("other"), 0o640); err != nil {
		t.Fatal(err)
	}
	plan.Write()
	if got, want := failures(plan), "link.go: is a link\nreadonly.go: is read-only\nb.go: was changed meanwhile\ngone.go: no such file or directory"; got != want {
		t.Errorf("failures are\n%s\nwant\n%s", got, want)
	}
	if len(plan.Files) != 2 || len(plan.Fixed) != 2 || !plan.Fixed[0] || !plan.Fixed[4] {
		t.Errorf("fixed %v in %d files", plan.Fixed, len(plan.Files))
	}
	for name, want := range map[string]string{"a.go": "package a\n\nvar x = 1\n", "b.go": "other", "c.go": "package a\n\nvar x = 1\n", "readonly.go": text} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s holds %q (%v), want %q", name, got, err, want)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 5 {
		t.Errorf("something is left over in the folder: %v", entries)
	}
}

func TestDiff(t *testing.T) {
	before := "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n"
	after := "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n11\n12\n13"
	want := `--- a/x.go
+++ b/x.go
@@ -2,7 +2,7 @@
 2
 3
 4
-5
+five
 6
 7
 8
@@ -10,3 +10,4 @@
 10
 11
 12
+13
\ No newline at end of file
`
	if got := unified("x.go", before, after); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A diff is applied also to files with names that nobody should choose.
func TestDiffNames(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("no git here")
	}
	for _, name := range []string{"a b.go", "größe.go", "q\"\\.go", "n\nx\t\x1b.go", "\u202eog.go", "\xff.go"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte("old\n"), 0o666); err != nil {
			t.Skipf("%q: %v", name, err)
		}
		diff := unified(name, "old\n", "new\n")
		if strings.Count(diff, "\n") != 5 || strings.ContainsAny(diff, "\x1b\xff\u202e") {
			t.Errorf("%q: %q", name, diff)
		}
		cmd := exec.Command(git, "apply")
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(diff)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%q: %v: %s\n%s", name, err, out, diff)
		}
		if text, _ := os.ReadFile(filepath.Join(dir, name)); string(text) != "new\n" {
			t.Errorf("%q holds %q\n%s", name, text, diff)
		}
	}
}

// Whatever the texts, patch turns the old into the new one.
func TestDiffApplies(t *testing.T) {
	patch, err := exec.LookPath("patch")
	if err != nil {
		t.Skip("no patch here")
	}
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var b strings.Builder
		for range random.IntN(30) {
			b.WriteString(string(rune('a'+random.IntN(4))) + "\n")
		}
		return b.String() + "end\n"
	}
	for range 50 {
		before, after := text(), text()
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "x"), []byte(before), 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(patch, "-p1", "-s")
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(unified("x", before, after))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s\n%s", err, out, unified("x", before, after))
		}
		if got, _ := os.ReadFile(filepath.Join(dir, "x")); string(got) != after {
			t.Fatalf("from\n%s\nto\n%s\ngot\n%s", before, after, got)
		}
	}
}
