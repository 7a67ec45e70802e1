package analyzers_test

import (
	"testing"

	"github.com/grpclint/grpclint/internal/wanttest"
)

// TestRules checks all rules against the packages of testdata/src.
func TestRules(t *testing.T) { wanttest.Run(t, "../testdata/src") }

// TestLibraries checks the rules about retries against the libraries that
// they know, each in its real module.
func TestLibraries(t *testing.T) { wanttest.RunModule(t, "../testdata/libs") }
