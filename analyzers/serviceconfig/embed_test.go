package serviceconfig_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/serviceconfig"
	"github.com/grpclint/grpclint/internal/wanttest"
)

// TestEmbeddedFile checks that a finding in a file that //go:embed puts into
// a string is placed in that file.
func TestEmbeddedFile(t *testing.T) {
	s := wanttest.Open(t, "../../testdata/src", "serviceconfig/literal")
	found := 0
	for _, f := range s.Analyze(t, []*analysis.Analyzer{serviceconfig.Analyzer}).Findings {
		if !strings.HasSuffix(f.File, ".json") {
			continue
		}
		found++
		if f.File != "serviceconfig/literal/embedded.json" || f.Line != 4 || f.Column != 16 || f.EndColumn != 22 {
			t.Errorf("%+v: not at embedded.json:4:16-22", f.Range)
		}
		if f.Rule.ID != "serviceconfig/duration" {
			t.Errorf("%s: found by %s", f.Message, f.Rule.ID)
		}
	}
	if found != 1 {
		t.Errorf("%d findings in embedded files, want 1", found)
	}
}
