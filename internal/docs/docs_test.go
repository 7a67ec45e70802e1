package main

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/rule"
)

const command = "go generate ./..."

func TestUpToDate(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	files, err := generate(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(root, name))
		// Git may check text out with CRLF.
		if err != nil || strings.ReplaceAll(string(got), "\r\n", "\n") != want {
			t.Errorf("%s is stale; run: %s", name, command)
		}
	}
	stale, err := leftOver(root, files)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range stale {
		t.Errorf("%s belongs to no rule; run: %s", name, command)
	}
}

func TestReplaceTable(t *testing.T) {
	got, err := replaceTable("a\n"+tableBegin+"old\n"+tableEnd+"b\n", "new\n")
	if want := "a\n" + tableBegin + "new\n" + tableEnd + "b\n"; err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
	for _, readme := range []string{"", tableBegin, tableEnd} {
		if _, err := replaceTable(readme, "new\n"); err == nil {
			t.Errorf("README %q has no place for the table, and no error", readme)
		}
	}
}

func TestLeftOver(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"docs/rules/f/kept.md", "docs/rules/f/gone.md"} {
		if err := os.MkdirAll(filepath.Join(root, path.Dir(name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	stale, err := leftOver(root, map[string]string{"docs/rules/f/kept.md": ""})
	if err != nil || len(stale) != 1 || stale[0] != "docs/rules/f/gone.md" {
		t.Errorf("%q, %v", stale, err)
	}
	if stale, err := leftOver(t.TempDir(), nil); err != nil || len(stale) > 0 {
		t.Errorf("without a folder: %q, %v", stale, err)
	}
}

var link = regexp.MustCompile(`\]\(([^)]+)\)`)

// Links between our own files lead somewhere.
func TestLinks(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/rules/*/*.md"} {
		matches, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, matches...)
	}
	links := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range link.FindAllStringSubmatch(string(text), -1) {
			target, err := url.Parse(found[1])
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if target.IsAbs() || target.Path == "" {
				continue
			}
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), filepath.FromSlash(target.Path))); err != nil {
				t.Errorf("%s links to %s, which is not there", name, found[1])
			}
		}
	}
	if links < len(rule.All()) {
		t.Errorf("only %d links in %d files", links, len(names))
	}
}
