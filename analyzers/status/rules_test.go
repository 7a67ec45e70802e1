package status_test

import (
	"testing"

	"github.com/grpclint/grpclint/internal/wanttest"
)

func TestRules(t *testing.T) { wanttest.Run(t, "../../testdata/src", "status") }

// TestOlder checks what is only found with versions of grpc-go that are no
// longer made.
func TestOlder(t *testing.T) { wanttest.RunOlder(t, "../../testdata/older", "status") }
