// Package rpc holds what the shop's programs share when they call each other.
package rpc

import (
	"context"
	"fmt"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

// Dial returns a connection to a service of the shop; opts come after the
// defaults. TLS is the mesh's business, so there is none here.
func Dial(target string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	all := []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time:    5 * time.Minute,
			Timeout: 20 * time.Second,
		}),
	}
	return grpc.NewClient(target, append(all, opts...)...)
}

// DialSocket returns a connection to a service in the same pod, which listens
// on the Unix socket at path.
func DialSocket(path string) (*grpc.ClientConn, error) {
	return grpc.NewClient("sidecar",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", path)
		}),
	)
}

// AwaitReady connects conn and returns when it is ready for calls, or when ctx
// is done.
func AwaitReady(ctx context.Context, conn *grpc.ClientConn) error {
	for {
		state := conn.GetState()
		if state == connectivity.Ready {
			return nil
		}
		conn.Connect()
		if !conn.WaitForStateChange(ctx, state) {
			return fmt.Errorf("connect to %s: still %v: %w", conn.Target(), state, ctx.Err())
		}
	}
}
