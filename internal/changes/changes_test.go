package changes

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// repository makes a repository with one commit and returns its folder.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, files)
	run(t, dir, "init", "-q")
	commit(t, dir)
	return dir
}

func commit(t *testing.T, dir string) {
	t.Helper()
	run(t, dir, "add", "-A")
	run(t, dir, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first")
}

func run(t *testing.T, dir string, args ...string) {
	t.Helper()
	if out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// A question is whether lines of a file count as changed.
type question struct {
	file        string
	first, last int
	want        bool
}

func ask(t *testing.T, dir string, questions []question) {
	t.Helper()
	var paths []string
	for _, q := range questions {
		paths = append(paths, filepath.Join(dir, q.file))
	}
	lines, err := Since(t.Context(), dir, "HEAD", paths)
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range questions {
		if got := lines.Touch(paths[i], q.first, q.last); got != q.want {
			t.Errorf("%s:%d-%d: %v", q.file, q.first, q.last, got)
		}
	}
}

const numbered = "1\n2\n3\n4\n5\n6\n"

func TestSince(t *testing.T) {
	odd := "sub/größe \"x\"\t.go"
	if runtime.GOOS != "windows" {
		odd = "sub/-größe \"x\"\n\t'.go"
	}
	dir := repository(t, map[string]string{
		"same.go": numbered, "edited.go": numbered, "shorter.go": numbered, odd: numbered, ".gitignore": "ignored.go\ntracked.go\n",
		"crlf.go": numbered, "old.go": numbered, "[ab].go": numbered,
	})
	write(t, dir, map[string]string{"tracked.go": numbered})
	run(t, dir, "add", "-f", "tracked.go")
	commit(t, dir)
	write(t, dir, map[string]string{
		"edited.go":  "1\ntwo\n3\n4\n4.5\n5\n6\n",
		"shorter.go": "1\n2\n3\n6\n",
		odd:          "1\n2\n3\n4\n5\nsix",
		"new.go":     numbered,
		"ignored.go": numbered,
		"tracked.go": "0\n" + numbered,
		"crlf.go":    strings.ReplaceAll(numbered, "\n", "\r\n") + "7\r\n",
		"[ab].go":    "0\n" + numbered,
	})
	if err := os.Rename(filepath.Join(dir, "old.go"), filepath.Join(dir, "renamed.go")); err != nil {
		t.Fatal(err)
	}
	ask(t, dir, []question{
		{"same.go", 1, 6, false},
		{"edited.go", 1, 1, false},
		{"edited.go", 2, 2, true},
		{"edited.go", 1, 3, true},
		{"edited.go", 3, 4, false},
		{"edited.go", 5, 5, true},
		{"edited.go", 6, 7, false},
		{"shorter.go", 1, 4, false}, // nothing was added
		{odd, 6, 6, true},
		{odd, 1, 5, false},
		{"new.go", 3, 3, true},
		{"renamed.go", 3, 3, true},
		{"ignored.go", 3, 3, false},
		{"tracked.go", 1, 1, true},
		{"tracked.go", 2, 7, false},
		{"crlf.go", 1, 6, false},
		{"crlf.go", 7, 7, true},
		{"[ab].go", 1, 1, true},
		{"[ab].go", 2, 2, false},
		{"../outside.go", 1, 1, true},
	})
}

// Whatever the repository's attributes and configuration say, a change is one,
// and none of the programs that they name runs.
func TestHostileRepository(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the programs are shell scripts")
	}
	for _, attributes := range []string{"*.json -diff", "*.json binary", "*.json diff=x", "*.json filter=x", "*.json text eol=crlf", "*.json export-ignore linguist-generated"} {
		t.Run(attributes, func(t *testing.T) {
			dir := repository(t, map[string]string{"a.json": "{\n}\n", "same.json": "{\n}\n", ".gitattributes": attributes + "\n"})
			ran := filepath.Join(t.TempDir(), "ran")
			program := filepath.Join(dir, ".git", "program")
			script := fmt.Sprintf("#!/bin/sh\necho \"$0 $*\" >>%s\ncat\n", ran)
			for _, path := range []string{program, filepath.Join(dir, ".git", "hooks", "post-index-change"), filepath.Join(dir, ".git", "hooks", "post-checkout")} {
				if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(script), 0o777); err != nil {
					t.Fatal(err)
				}
			}
			for _, key := range []string{
				"core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "core.gitProxy", "core.askPass", "diff.external", "diff.x.command", "diff.x.textconv",
				"filter.x.clean", "filter.x.smudge", "filter.x.process", "interactive.diffFilter", "pager.diff", "pager.ls-tree", "credential.helper",
			} {
				run(t, dir, "config", key, program)
			}
			for key, value := range map[string]string{
				"diff.noprefix": "true", "diff.mnemonicPrefix": "true", "core.quotePath": "true", "diff.renames": "copies", "diff.submodule": "log",
				"diff.ignoreSubmodules": "all", "core.autocrlf": "true", "status.showUntrackedFiles": "no", "alias.ls-tree": "!false", "alias.diff": "!false",
			} {
				run(t, dir, "config", key, value)
			}
			write(t, dir, map[string]string{"a.json": "{\n\"a\": 1}\n", "same.json": "{\n}\n", "new.json": "{}\n"})
			if err := os.RemoveAll(ran); err != nil { // git config may have run some
				t.Fatal(err)
			}
			ask(t, dir, []question{{"a.json", 2, 2, true}, {"a.json", 1, 1, false}, {"same.json", 1, 2, false}, {"new.json", 1, 1, true}})
			if text, err := os.ReadFile(ran); err == nil {
				t.Errorf("programs ran:\n%s", text)
			}
		})
	}
}

// What lies in a submodule is compared with the commit that the repository
// names; another repository that lies in this one is new.
func TestSubmodule(t *testing.T) {
	dir := repository(t, map[string]string{"a.go": numbered})
	inner := filepath.Join(dir, "deep", "module")
	write(t, inner, map[string]string{"same.go": numbered, "edited.go": numbered})
	run(t, inner, "init", "-q")
	commit(t, inner)
	run(t, dir, "-c", "advice.addEmbeddedRepo=false", "add", "deep/module")
	commit(t, dir)
	write(t, inner, map[string]string{"edited.go": "0\n" + numbered, "new.go": numbered})
	write(t, dir, map[string]string{"nested/a.go": numbered})
	run(t, filepath.Join(dir, "nested"), "init", "-q")
	ask(t, dir, []question{
		{"deep/module/same.go", 1, 6, false},
		{"deep/module/edited.go", 1, 1, true},
		{"deep/module/edited.go", 2, 7, false},
		{"deep/module/new.go", 1, 1, true},
		{"nested/a.go", 1, 1, true},
		{"a.go", 1, 6, false},
	})
}

func TestSinceErrors(t *testing.T) {
	dir := repository(t, map[string]string{"a.go": "a\n"})
	for _, revision := range []string{"nothing", "--output=x", "-", "", "HEAD:a.go", "HEAD --all"} {
		if _, err := Since(t.Context(), dir, revision, nil); err == nil || !strings.Contains(err.Error(), "is no revision") {
			t.Errorf("%q: %v", revision, err)
		}
	}
	if _, err := Since(t.Context(), t.TempDir(), "HEAD", nil); err == nil || !strings.Contains(err.Error(), "not a git repository") {
		t.Errorf("no repository: %v", err)
	}
}

func TestChanged(t *testing.T) {
	var many, others []string
	for i := range 3 * maxEdits {
		many, others = append(many, fmt.Sprint(i)), append(others, fmt.Sprint("x", i))
	}
	tests := []struct {
		before, after []string
		want          []span
	}{
		{nil, nil, nil},
		{nil, []string{"a"}, []span{{1, 1}}},
		{[]string{"a"}, nil, nil},
		{[]string{"a", "b"}, []string{"b", "a"}, []span{{2, 2}}},
		{strings.Split("abcabba", ""), strings.Split("cbabac", ""), []span{{2, 2}, {6, 6}}},
		{many, slices.Concat(many[:5], []string{"new"}, many[5:]), []span{{6, 6}}},
		{many, others, []span{{1, 3 * maxEdits}}},
	}
	for _, test := range tests {
		if got := changed(test.before, test.after); !slices.Equal(got, test.want) {
			t.Errorf("%.20v to %.20v: %v, want %v", test.before, test.after, got, test.want)
		}
	}
}

// What is not changed is in the other text too, in this order.
func FuzzChanged(f *testing.F) {
	f.Add("a\nb\nc\n", "b\nc\nd\n")
	f.Add("", "x")
	f.Add("1\r\n2\n", "1\n\n2")
	f.Fuzz(func(t *testing.T, before, after string) {
		a, b := splitLines([]byte(before)), splitLines([]byte(after))
		spans := changed(a, b)
		at := 0
		for i, line := range b {
			if slices.ContainsFunc(spans, func(s span) bool { return s.first <= i+1 && i+1 <= s.last }) {
				continue
			}
			for at < len(a) && a[at] != line {
				at++
			}
			if at++; at > len(a) {
				t.Fatalf("line %d of %q is not in %q; changed are %v", i+1, after, before, spans)
			}
		}
	})
}

func FuzzParseTree(f *testing.F) {
	f.Add([]byte("100644 blob 12\ta\n\"b\x00160000 commit 34\tm\x00"))
	f.Add([]byte("100644 blob\ta\x00"))
	f.Fuzz(func(t *testing.T, list []byte) {
		tree, err := parseTree(list)
		for name, e := range tree {
			if err == nil && !bytes.Contains(list, []byte(e.object+"\t"+name)) {
				t.Errorf("%q is made up", name)
			}
		}
	})
}

func FuzzParseBlob(f *testing.F) {
	f.Add([]byte("12 blob 3\na\nb\n34 missing\n"))
	f.Add([]byte("12 blob 9999999999999999999\n"))
	f.Add([]byte("12 blob -1\n"))
	f.Fuzz(func(t *testing.T, output []byte) {
		in := bufio.NewReader(bytes.NewReader(output))
		for {
			text, err := parseBlob(in)
			if err != nil {
				return
			}
			if !bytes.Contains(output, text) {
				t.Errorf("%q is made up", text)
			}
		}
	})
}
