// Package opts dials for others.
package opts

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// Dial passes its options on and does not wait.
func Dial(ctx context.Context, addr string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.DialContext(ctx, addr, append(opts, grpc.WithTransportCredentials(insecure.NewCredentials()))...) // want `deprecated-dial`
}

// Wait passes its options on and waits.
func Wait(ctx context.Context, addr string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return Dial(ctx, addr, append(opts, grpc.WithBlock())...)
}
