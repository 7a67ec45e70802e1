package retry_test

import (
	"testing"

	"github.com/grpclint/grpclint/internal/wanttest"
)

func TestRules(t *testing.T) { wanttest.Run(t, "../../testdata/src", "retry") }
