// Package blockingdial waits for connections.
package blockingdial

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

var plain = grpc.WithTransportCredentials(insecure.NewCredentials())

func dial() (*grpc.ClientConn, error) {
	return grpc.Dial("dns:///orders:1", plain, grpc.WithBlock()) // want `hangs for as long as the server is down: grpc.Dial waits for the connection, and grpc.Dial has no timeout \[conn/blocking-dial\]`
}

func background() (*grpc.ClientConn, error) {
	return grpc.DialContext(context.Background(), "dns:///orders:1", plain, grpc.WithBlock()) // want `grpc.DialContext waits for the connection, and its context has no deadline \[conn/blocking-dial\]`
}

func todo() (*grpc.ClientConn, error) {
	return grpc.DialContext(context.TODO(), "dns:///orders:1", plain, grpc.WithBlock()) // want `conn/blocking-dial`
}

func inList() (*grpc.ClientConn, error) {
	options := []grpc.DialOption{plain, grpc.WithBlock()}
	return grpc.Dial("dns:///orders:1", options...) // want `conn/blocking-dial`
}

func connectionError() (*grpc.ClientConn, error) {
	return grpc.Dial("dns:///orders:1", plain, grpc.WithReturnConnectionError()) // want `conn/blocking-dial`
}

// A timeout of the dial's own.
func timeout() (*grpc.ClientConn, error) {
	return grpc.Dial("dns:///orders:1", plain, grpc.WithBlock(), grpc.WithTimeout(time.Second))
}

// A deadline.
func deadline() (*grpc.ClientConn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return grpc.DialContext(ctx, "dns:///orders:1", plain, grpc.WithBlock())
}

// The caller's context.
func caller(ctx context.Context) (*grpc.ClientConn, error) {
	return grpc.DialContext(ctx, "dns:///orders:1", plain, grpc.WithBlock())
}

// It gives up when the connection is refused.
func failing() (*grpc.ClientConn, error) {
	return grpc.Dial("dns:///orders:1", plain, grpc.WithBlock(), grpc.FailOnNonTempDialError(true))
}

// It does not wait.
func returnsAtOnce() (*grpc.ClientConn, error) { return grpc.Dial("dns:///orders:1", plain) }

// Nor does this, in a context without a deadline.
func inBackground() (*grpc.ClientConn, error) {
	return grpc.DialContext(context.Background(), "dns:///orders:1", plain)
}

// Options that somebody else gives.
func given(options ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.Dial("dns:///orders:1", append(options, plain, grpc.WithBlock())...)
}

// A context that may end with a signal.
func kept(s *server) (*grpc.ClientConn, error) {
	return grpc.DialContext(s.ctx, "dns:///orders:1", plain, grpc.WithBlock())
}

type server struct{ ctx context.Context }
