package config

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

func parse(t *testing.T, text string) *Config {
	t.Helper()
	c, err := Parse(Name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// onByDefault and offByDefault are rules of one family, made here so that
// no real rule's default is an expectation of this test.
var (
	onByDefault  = &rule.Rule{ID: "deadline/missing", Severity: rule.Warning, On: true}
	offByDefault = &rule.Rule{ID: "deadline/detached", Severity: rule.Info}
)

func TestSeverity(t *testing.T) {
	tests := []struct {
		name  string
		file  string
		flags string
		on    rule.Severity // of onByDefault
		off   rule.Severity // of offByDefault
	}{
		{"defaults", "", "", rule.Warning, rule.Off},
		{"file by id", "rules: {deadline/missing: error, deadline/detached: info}", "", rule.Error, rule.Info},
		{"file off", "rules: {deadline/missing: off}", "", rule.Off, rule.Off},
		{"file by family", "rules: {deadline: error}", "", rule.Error, rule.Error},
		{"id wins over the family above it", "rules: {deadline: off, deadline/missing: info}", "", rule.Info, rule.Off},
		{"id wins over the family below it", "rules: {deadline/missing: info, deadline: off}", "", rule.Info, rule.Off},
		{"another family", "rules: {suppress: off}", "", rule.Warning, rule.Off},
		{"enable by id", "", "-enable=deadline/detached", rule.Warning, rule.Info},
		{"enable by family", "", "-enable=deadline", rule.Warning, rule.Info},
		{"enable keeps the file's severity", "rules: {deadline: error}", "-enable=deadline/detached", rule.Error, rule.Error},
		{"enable wins over the file", "rules: {deadline: off}", "-enable=deadline/missing", rule.Warning, rule.Off},
		{"all", "", "-all", rule.Warning, rule.Info},
		{"all wins over the file", "rules: {deadline: off}", "-all", rule.Warning, rule.Info},
		{"disable by id", "", "-disable=deadline/missing", rule.Off, rule.Off},
		{"disable wins over the file", "rules: {deadline: error}", "-disable=deadline", rule.Off, rule.Off},
		{"disable wins over all", "", "-all -disable=deadline/missing", rule.Off, rule.Info},
		{"enabled id wins over disabled family", "", "-disable=deadline -enable=deadline/detached", rule.Off, rule.Info},
		{"disabled id wins over enabled family", "", "-enable=deadline -disable=deadline/missing", rule.Off, rule.Info},
		{"disable wins over enable of the same name", "", "-enable=deadline/detached -disable=deadline/detached", rule.Warning, rule.Off},
		{"lists add up", "", "-disable=deadline/missing -disable=suppress", rule.Off, rule.Off},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := parse(t, test.file)
			var s Selection
			set := flag.NewFlagSet("", flag.ContinueOnError)
			s.Register(set)
			if err := set.Parse(strings.Fields(test.flags)); err != nil {
				t.Fatal(err)
			}
			c.Apply(s)
			if got := c.Severity(onByDefault); got != test.on {
				t.Errorf("rule that is on by default: %v, want %v", got, test.on)
			}
			if got := c.Severity(offByDefault); got != test.off {
				t.Errorf("rule that is off by default: %v, want %v", got, test.off)
			}
		})
	}
}

// Whoever names a rule is shown what it finds, at the severity that it then
// has; findings that are less grave than that stay below.
func TestLowest(t *testing.T) {
	tests := []struct {
		file, flags string
		on, off     rule.Severity
	}{
		{"", "", rule.Warning, rule.Warning},
		{"", "-all", rule.Warning, rule.Warning},
		{"rules: {deadline/detached: info}", "", rule.Warning, rule.Info},
		{"rules: {deadline/detached: error, deadline/missing: error}", "", rule.Warning, rule.Warning},
		{"rules: {deadline/missing: info}", "", rule.Info, rule.Warning},
		{"rules: {deadline: info}", "", rule.Info, rule.Info},
		{"rules: {deadline: info, deadline/missing: off}", "", rule.Warning, rule.Info},
		{"rules: {suppress: info}", "", rule.Warning, rule.Warning},
		{"", "-enable=deadline/detached", rule.Warning, rule.Info},
		{"", "-enable=deadline", rule.Warning, rule.Info},
		{"rules: {deadline/detached: info}", "-disable=deadline/detached", rule.Warning, rule.Warning},
	}
	for _, test := range tests {
		c := parse(t, test.file)
		var s Selection
		set := flag.NewFlagSet("", flag.ContinueOnError)
		s.Register(set)
		if err := set.Parse(strings.Fields(test.flags)); err != nil {
			t.Fatal(err)
		}
		c.Apply(s)
		if on, off := c.Lowest(onByDefault, rule.Warning), c.Lowest(offByDefault, rule.Warning); on != test.on || off != test.off {
			t.Errorf("%q %q: %v and %v, want %v and %v", test.file, test.flags, on, off, test.on, test.off)
		}
	}
}

func TestFindingSeverity(t *testing.T) {
	tests := []struct {
		file    string
		finding rule.Severity
		want    rule.Severity
	}{
		{"", 0, rule.Warning},
		{"", rule.Info, rule.Info},
		{"rules: {deadline/missing: error}", 0, rule.Error},
		{"rules: {deadline/missing: error}", rule.Info, rule.Info},
		{"rules: {deadline/missing: info}", 0, rule.Info},
		{"rules: {deadline/missing: info}", rule.Warning, rule.Info},
		{"rules: {deadline/missing: off}", 0, rule.Off},
		{"rules: {deadline/missing: off}", rule.Info, rule.Off},
	}
	for _, test := range tests {
		f := &finding.Finding{Rule: onByDefault, Severity: test.finding}
		if got := parse(t, test.file).FindingSeverity(f); got != test.want {
			t.Errorf("%q, finding of severity %d: %v, want %v", test.file, test.finding, got, test.want)
		}
	}
}

func TestUnknownNameInFlag(t *testing.T) {
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	new(Selection).Register(set)
	err := set.Parse([]string{"-disable", "deadline/misssing"})
	if err == nil || !strings.Contains(err.Error(), "nearest: deadline/missing") {
		t.Errorf("error %v does not name the nearest rule", err)
	}
}

func TestExcluded(t *testing.T) {
	tests := []struct {
		path string // of the entry
		file string
		want bool
	}{
		{"internal/legacy/**", "internal/legacy/a.go", true},
		{"internal/legacy/**", "internal/legacy/x/y/a.go", true},
		{"internal/legacy/**", "internal/legacy2/a.go", false},
		{"internal/legacy/**", "a/internal/legacy/a.go", false},
		{"internal/legacy", "internal/legacy/x/a.go", true},
		{"internal/legacy/", "internal/legacy/a.go", true},
		{"./internal/legacy", "internal/legacy/a.go", true},
		{".", "a.go", true},
		{"**", "a/b/c.go", true},
		{"**/*.json", "a/b/c.json", true},
		{"**/*.json", "c.json", true},
		{"**/*.json", "a/b/c.go", false},
		{"*.go", "a.go", true},
		{"*.go", "a/a.go", false},
		{"**/gen/**", "a/b/gen/c.go", true},
		{"**/gen/**", "a/b/gen.go", false},
		{"a/**/b/**/c.go", "a/b/x/b/y/c.go", true},
		{"a/**/b/**/c.go", "a/x/y/c.go", false},
		{"a/**/b", "a/b/c/d.go", true},
		{"a/?/[b-d].go", "a/x/c.go", true},
		{"a/?/[b-d].go", "a/xx/c.go", false},
	}
	for _, test := range tests {
		c := parse(t, "exclude: [{path: '"+test.path+"', rules: [deadline/missing], reason: legacy}]")
		if got := c.Excluded(test.file, onByDefault); got != test.want {
			t.Errorf("path %s, file %s: %v, want %v", test.path, test.file, got, test.want)
		}
	}
}

func TestExcludedRules(t *testing.T) {
	const entry = "exclude: [{path: a, rules: [%s], reason: legacy}]"
	tests := []struct {
		rules   string
		on, off bool
	}{
		{"deadline/missing", true, false},
		{"deadline", true, true},
		{"suppress, deadline/detached", false, true},
		{"suppress", false, false},
	}
	for _, test := range tests {
		c := parse(t, strings.Replace(entry, "%s", test.rules, 1))
		if got := c.Excluded("a/b.go", onByDefault); got != test.on {
			t.Errorf("rules %s exclude %s: %v", test.rules, onByDefault.ID, got)
		}
		if got := c.Excluded("a/b.go", offByDefault); got != test.off {
			t.Errorf("rules %s exclude %s: %v", test.rules, offByDefault.ID, got)
		}
	}
}

// The go command gives absolute paths with symbolic links resolved, the
// config may have been found through a link.
func TestExcludedAbsolute(t *testing.T) {
	dir := t.TempDir()
	repo := filepath.Join(dir, "repo")
	link := filepath.Join(dir, "link")
	write(t, filepath.Join(repo, Name), "exclude: [{path: legacy, rules: [deadline], reason: legacy}]")
	write(t, filepath.Join(repo, "legacy", "a.go"), "")
	if err := os.Symlink(repo, link); err != nil {
		t.Skip(err) // a system without links
	}
	resolved, err := filepath.EvalSymlinks(repo)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load(link, "")
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]bool{
		filepath.Join(link, "legacy", "a.go"):     true,
		filepath.Join(resolved, "legacy", "a.go"): true,
		filepath.Join(resolved, "b.go"):           false,
		filepath.Join(dir, "legacy", "a.go"):      false, // outside
	} {
		if got := c.Excluded(file, onByDefault); got != want {
			t.Errorf("%s excluded: %v, want %v", file, got, want)
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
