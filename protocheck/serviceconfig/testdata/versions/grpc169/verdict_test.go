// Package grpc169 holds the checker against grpc-go 1.69.0.
package grpc169

import (
	"testing"

	"google.golang.org/grpc"

	"github.com/grpclint/grpclint/protocheck/serviceconfig/internal/differential"
)

func TestVerdicts(t *testing.T) {
	differential.TestVersion(t, grpc.NewClient, grpc.Version, "1.69.0")
}
