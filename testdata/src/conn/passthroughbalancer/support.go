package passthroughbalancer

import (
	"testing"

	"google.golang.org/grpc"
)

// forTests is silent: one backend is all that a test has.
func forTests(t *testing.T) {
	keep(grpc.NewClient("passthrough:///bufnet", creds(), grpc.WithDefaultServiceConfig(roundRobin)))
}
