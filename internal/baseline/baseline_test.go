package baseline

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

func found(file, fingerprint string) lint.Finding {
	return lint.Finding{Rule: rule.MustLookup("deadline/missing"), Message: "can <hang>", Fingerprint: fingerprint, Range: lint.Range{File: file}}
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), Name)
	if _, err := Read(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	for _, b := range []*Baseline{new(Baseline), Of([]lint.Finding{found("b.go", "v1:2"), found("a\u202e\u009b.go", "v1:1"), found("a\u202e\u009b.go", "v1:1")})} {
		if err := b.Write(path); err != nil {
			t.Fatal(err)
		}
		got, err := Read(path)
		if err != nil || !slices.Equal(got.Entries, b.Entries) {
			t.Errorf("wrote %v, read %v: %v", b.Entries, got, err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if hidden := strings.ContainsFunc(strings.ReplaceAll(string(text), "\n", ""), visible.Hidden); hidden {
		t.Errorf("something is hidden in\n%q", text)
	}
	if lines := strings.Count(string(text), "\n"); lines != 7 {
		t.Errorf("two findings in %d lines, not one line each:\n%s", lines, text)
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "line 1: no baseline",
		"{\n\"version\": 1,\n\"find\": []}": `unknown field "find"`,
		"{\n\"version\": \"1\"}":            "line 2",
		`{"version": 2, "findings": []}`:    "version 2: this grpclint reads version 1",
		`{"version": 1, "findings": [{"fingerprint": "x"}]}`: `"x" is no fingerprint`,
	} {
		if _, err := parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestCompare(t *testing.T) {
	b := Of([]lint.Finding{found("a.go", "v1:1"), found("b.go", "v1:2"), found("c.go", "v1:3")})
	now := []lint.Finding{found("new.go", "v1:4"), found("moved.go", "v1:1")}
	c := b.Compare(now, func(file, rule string) bool { return file == "b.go" && rule == "deadline/missing" })
	if len(c.Known) != 1 || !c.Known[1] {
		t.Errorf("known: %v", c.Known)
	}
	if len(c.Fixed) != 1 || c.Fixed[0].File != "b.go" {
		t.Errorf("fixed: %v", c.Fixed)
	}
	if left := b.Without(c.Fixed).Entries; len(left) != 2 || left[0].File != "a.go" || left[1].File != "c.go" {
		t.Errorf("left: %v", left)
	}
	if len(b.Entries) != 3 {
		t.Error("Without changed the baseline itself")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"version": 1, "findings": [{"fingerprint": "v1:0", "rule": "a/b", "file": "c", "message": ""}]}`))
	f.Add([]byte("{\"version\": 1e9}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		parse(text) // must not panic
	})
}
