package analyzers_test

import (
	"testing"

	"github.com/grpclint/grpclint/internal/wanttest"
)

// TestShapes checks six mistakes in nine everyday shapes each: all are found.
// Command reach of bench does it with the cases of all rules.
func TestShapes(t *testing.T) { wanttest.RunShapes(t, "../testdata/src", "grid", nil) }
