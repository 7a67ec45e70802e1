// Package grpc160 holds the checker against grpc-go 1.60.1.
package grpc160

import (
	"testing"

	"google.golang.org/grpc"

	"github.com/grpclint/grpclint/protocheck/serviceconfig/internal/differential"
)

func TestVerdicts(t *testing.T) {
	differential.TestVersion(t, grpc.Dial, grpc.Version, "1.60.1")
}
