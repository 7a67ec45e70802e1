// Package grpc170 holds the checker against grpc-go 1.70.0.
package grpc170

import (
	"testing"

	"google.golang.org/grpc"

	"github.com/grpclint/grpclint/protocheck/serviceconfig/internal/differential"
)

func TestVerdicts(t *testing.T) {
	differential.TestVersion(t, grpc.NewClient, grpc.Version, "1.70.0")
}
