package changes

import (
	"os"
	"os/exec"
	"path/filepath"
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
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first"}} {
		if out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	return dir
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

func TestSince(t *testing.T) {
	numbered := "1\n2\n3\n4\n5\n6\n"
	dir := repository(t, map[string]string{
		"same.go": numbered, "edited.go": numbered, "shorter.go": numbered, "sub/größe \"x\".go": numbered, ".gitignore": "ignored.go\n",
		"marks.go": "a\n",
	})
	write(t, dir, map[string]string{
		"edited.go":          "1\ntwo\n3\n4\n4.5\n5\n6\n",
		"shorter.go":         "1\n2\n3\n6\n",
		"sub/größe \"x\".go": "1\n2\n3\n4\n5\nsix",
		"new.go":             numbered,
		"ignored.go":         numbered,
		"marks.go":           "a\n++ b/other.go\n@@ -1 +1 @@\n",
	})
	lines, err := Since(filepath.Join(dir, "sub"), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		file        string
		first, last int
		want        bool
	}{
		{"same.go", 1, 6, false},
		{"edited.go", 1, 1, false},
		{"edited.go", 2, 2, true},
		{"edited.go", 1, 3, true},
		{"edited.go", 3, 4, false},
		{"edited.go", 5, 5, true},
		{"edited.go", 6, 7, false},
		{"shorter.go", 1, 4, false}, // nothing was added
		{"sub/größe \"x\".go", 6, 6, true},
		{"sub/größe \"x\".go", 1, 5, false},
		{"new.go", 3, 3, true},
		{"ignored.go", 3, 3, false},
		{"marks.go", 2, 2, true},
		{"other.go", 1, 1, false},
		{"nowhere.go", 1, 1, false},
	}
	for _, test := range tests {
		if got := lines.Touch(filepath.Join(dir, test.file), test.first, test.last); got != test.want {
			t.Errorf("%s:%d-%d: %v", test.file, test.first, test.last, got)
		}
	}
}

func TestSinceErrors(t *testing.T) {
	dir := repository(t, map[string]string{"a.go": "a\n"})
	if _, err := Since(dir, "nothing"); err == nil || !strings.Contains(err.Error(), `"nothing" is no revision`) {
		t.Errorf("unknown revision: %v", err)
	}
	if _, err := Since(dir, "--output=x"); err == nil {
		t.Error("a flag was taken for a revision")
	}
	if _, err := Since(t.TempDir(), "HEAD"); err == nil {
		t.Error("no repository, no error")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("--- a/x\n+++ b/x\n@@ -1,2 +3 @@\n-a\n-b\n+c\n"))
	f.Add([]byte("@@ -1 +1 @@\n\\ No newline\n"))
	f.Add([]byte("+++ \"b/\\303\"\n@@ -1 +1,9999999999999999999 @@\n"))
	f.Fuzz(func(t *testing.T, diff []byte) {
		parse(diff) // must not panic
	})
}
