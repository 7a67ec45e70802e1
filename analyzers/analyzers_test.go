package analyzers_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/internal/wanttest"
)

// TestMissingFacts checks what the rules find in testdata/src when facts are
// missing. What they find there otherwise is a test of each family.
func TestMissingFacts(t *testing.T) { wanttest.RunFacts(t, "../testdata/src", analyzers.All()) }

// TestFamiliesAreChecked keeps a family from being without its cases.
func TestFamiliesAreChecked(t *testing.T) {
	for _, a := range analyzers.All() {
		file := a.Name + "/rules_test.go"
		text, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
		}
		if call := fmt.Sprintf("wanttest.Run(t, %q, %q)", "../../testdata/src", a.Name); !strings.Contains(string(text), call) {
			t.Errorf("%s does not call %s", file, call)
		}
	}
}

// TestLibraries checks the rules about retries against the libraries that
// they know, each in its real module.
func TestLibraries(t *testing.T) { wanttest.RunModule(t, "../testdata/libs") }

// Frameworks that run the code around gRPC, or gRPC itself.
func TestFrameworks(t *testing.T) { wanttest.RunModule(t, "../testdata/frameworks") }

// What is found depends on how the packages of a program are wired together.
func TestLinked(t *testing.T) { wanttest.RunModule(t, "../testdata/linked") }
