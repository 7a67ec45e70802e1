// Package nopolicy limits what there is not.
package nopolicy

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const attempts = 5

func dial() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders:1", grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithMaxCallAttempts(4)) // want `nothing is retried by this: WithMaxCallAttempts\(4\) limits a retry policy, and no service config here has one \[retry/no-policy\]`
}

func named() grpc.DialOption { return grpc.WithMaxCallAttempts(attempts) } // want `WithMaxCallAttempts\(attempts\)`

func inList() (*grpc.ClientConn, error) {
	list := []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithMaxCallAttempts(3), // want `retry/no-policy`
	}
	return grpc.NewClient("dns:///orders:1", list...)
}

func old(ctx context.Context) (*grpc.ClientConn, error) {
	return grpc.DialContext(ctx, "orders:1", grpc.WithInsecure(), grpc.WithMaxCallAttempts(2)) // want `retry/no-policy`
}

var option = grpc.WithMaxCallAttempts(6) // want `retry/no-policy`

// Other limits.
func size() grpc.DialOption { return grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(1 << 20)) }

func none() grpc.DialOption { return grpc.WithDisableRetry() }

// A function of that name.
func WithMaxCallAttempts(n int) int { return n }

func own() int { return WithMaxCallAttempts(3) }
