// Package deprecateddial dials in the old way.
package deprecateddial

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

var creds = grpc.WithTransportCredentials(insecure.NewCredentials())

func dial(addr string) (*grpc.ClientConn, error) {
	return grpc.Dial(addr, creds) // want `grpc.Dial passes its target on unresolved and is deprecated; grpc.NewClient resolves it by DNS, connects lazily \[conn/deprecated-dial\]`
}

func dialContext(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	return grpc.DialContext(ctx, addr, creds) // want `grpc.DialContext passes its target on unresolved`
}

// A value counts too.
var dialer = grpc.Dial // want `grpc.Dial passes`

func newClient(addr string) (*grpc.ClientConn, error) { return grpc.NewClient(addr, creds) }

// Dial is not grpc's.
type Dial struct{}

func (Dial) Dial(addr string) error { return nil }

func mine(addr string) error { return Dial{}.Dial(addr) }
