// Package grpc181 holds the checker against grpc-go 1.81.0.
package grpc181

import (
	"testing"

	"google.golang.org/grpc"

	"github.com/grpclint/grpclint/protocheck/serviceconfig/internal/differential"
)

func TestVerdicts(t *testing.T) {
	differential.TestVersion(t, grpc.NewClient, grpc.Version, "1.81.0")
}
