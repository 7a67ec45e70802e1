package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLoad(t *testing.T) {
	const (
		file = "rules: {deadline: error}"
		deep = "repo/service/internal"
	)
	tests := []struct {
		name  string
		files map[string]string
		dir   string
		want  string // path of the file, "" for none
	}{
		{"none", map[string]string{"repo/.git/HEAD": ""}, deep, ""},
		{"beside", map[string]string{"repo/.git/HEAD": "", deep + "/" + Name: file}, deep, deep + "/" + Name},
		{"above", map[string]string{"repo/.git/HEAD": "", "repo/" + Name: file}, deep, "repo/" + Name},
		{"nearest", map[string]string{"repo/.git/HEAD": "", "repo/" + Name: file, "repo/service/" + Name: ""}, deep, "repo/service/" + Name},
		{"not outside of the repository", map[string]string{"repo/.git/HEAD": "", Name: file}, deep, ""},
		{"worktree, whose .git is a file", map[string]string{"repo/.git": "gitdir: x", Name: file}, deep, ""},
		{"a module inside the repository is no end", map[string]string{"repo/.git/HEAD": "", "repo/service/go.mod": "", "repo/" + Name: file}, deep, "repo/" + Name},
		{"without a repository, up to the module", map[string]string{"repo/go.mod": "", "repo/" + Name: file}, deep, "repo/" + Name},
		{"without a repository, not outside of the module", map[string]string{"repo/service/go.mod": "", "repo/" + Name: file}, deep, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			top := t.TempDir()
			for name, text := range test.files {
				write(t, filepath.Join(top, filepath.FromSlash(name)), text)
			}
			dir := filepath.Join(top, filepath.FromSlash(test.dir))
			if err := os.MkdirAll(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			c, err := Load(dir, "")
			if err != nil {
				t.Fatal(err)
			}
			want := ""
			if test.want != "" {
				want = filepath.Join(top, filepath.FromSlash(test.want))
			}
			if c.File != want {
				t.Errorf("read %q, want %q", c.File, want)
			}
		})
	}
}

func TestLoadNamedFile(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, Name), "rules: {deadline: off}")
	write(t, filepath.Join(dir, "ci", "strict.yaml"), "rules: {deadline: error}")
	for _, file := range []string{"ci/strict.yaml", filepath.Join(dir, "ci", "strict.yaml")} {
		c, err := Load(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		if want := filepath.Join(dir, "ci", "strict.yaml"); c.File != want {
			t.Errorf("-config %s read %s, want %s", file, c.File, want)
		}
	}
	if _, err := Load(dir, "missing.yaml"); err == nil || !strings.Contains(err.Error(), "missing.yaml") {
		t.Errorf("a named file that is not there: error %v", err)
	}
}

func TestLoadErrors(t *testing.T) {
	t.Run("other ending", func(t *testing.T) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, ".grpclint.yml"), "rules: {}")
		if _, err := Load(dir, ""); err == nil || !strings.Contains(err.Error(), Name) {
			t.Errorf("error %v does not say that %s is read", err, Name)
		}
	})
	t.Run("a folder", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, Name), 0o777); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(dir, ""); err == nil || !strings.Contains(err.Error(), Name) {
			t.Errorf("error %v does not name the file", err)
		}
	})
}
