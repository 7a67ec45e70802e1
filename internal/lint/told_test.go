package lint

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/rule"
)

// It makes no difference whether it is known what packages of other modules tell.
func TestToldByOtherModules(t *testing.T) {
	t.Setenv("GOWORK", "off")
	dir, err := filepath.Abs("../../testdata/frameworks")
	if err != nil {
		t.Fatal(err)
	}
	kept := cache.In(t.TempDir())
	run := func(kept *cache.Folder, severity rule.Severity, patterns ...string) (findings, details string) {
		report := Run(Options{
			Cache: kept, Dir: dir, Patterns: patterns, Policy: everything{}, Severity: severity,
			Detail: func(line string) { details += line + "\n" },
		})
		for _, e := range report.Errors {
			t.Errorf("%+v", e)
		}
		for _, f := range report.Findings {
			findings += fmt.Sprintln(f.File, f.Line, f.Rule.ID, f.Message, f.Related)
		}
		return findings, details
	}
	want, _ := run(nil, rule.Info, "./goplugin/...")
	if !strings.Contains(want, "goplugin/") {
		t.Fatalf("found\n%s", want)
	}
	got, details := run(kept, rule.Info, "./goplugin/...")
	if got != want || strings.Contains(details, "it is known") {
		t.Errorf("at first: found\n%s\nwant\n%s\n%s", got, want, details)
	}
	got, details = run(kept, rule.Info, "./goplugin") // which is another question
	if got != want || !strings.Contains(details, "it is known what they tell") {
		t.Errorf("then: found\n%s\nwant\n%s\n%s", got, want, details)
	}
}
