package analyzers_test

import (
	"testing"

	"github.com/grpclint/grpclint/internal/wanttest"
)

// TestRules checks all rules against the packages of testdata/src.
func TestRules(t *testing.T) { wanttest.Run(t, "../testdata/src") }
