// Package timeoutwithoutblock bounds dials that do not wait for anything.
package timeoutwithoutblock

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/conn/timeoutwithoutblock/opts"
	"example.com/testdata/stubs/orderpb"
)

var creds = grpc.WithTransportCredentials(insecure.NewCredentials())

// Bad.

func option(addr string) (*grpc.ClientConn, error) {
	return grpc.Dial(addr, creds, // want `deprecated-dial`
		grpc.WithTimeout(5*time.Second)) // want `the dial never times out: without grpc.WithBlock it returns at once and ignores grpc.WithTimeout \[conn/timeout-without-block\]`
}

func conditional(addr string, timeout time.Duration) (*grpc.ClientConn, error) {
	opts := []grpc.DialOption{creds}
	if timeout > 0 {
		opts = append(opts, grpc.WithTimeout(timeout)) // want `ignores grpc.WithTimeout`
	}
	return grpc.Dial(addr, opts...) // want `deprecated-dial`
}

func withContext(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second) // related `the deadline is set here`
	defer cancel()
	return grpc.DialContext(ctx, addr, creds) // want `ignores the context's deadline` `deprecated-dial`
}

func withDeadline(addr string, until time.Time) (*grpc.ClientConn, error) {
	ctx, cancel := context.WithDeadline(context.Background(), until)
	defer cancel()
	return grpc.DialContext(ctx, addr, creds, grpc.WithUserAgent("x")) // want `ignores the context's deadline` `deprecated-dial`
}

func passedOn(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	return dial(addr, grpc.WithTimeout(time.Second)) // want `ignores grpc.WithTimeout`
}

func dial(addr string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.Dial(addr, append([]grpc.DialOption{creds}, opts...)...) // want `deprecated-dial`
}

func passedOnElsewhere(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	return opts.Dial(ctx, addr, grpc.WithTimeout(time.Second)) // want `ignores grpc.WithTimeout`
}

// Silent.

func blocking(addr string) (*grpc.ClientConn, error) {
	return grpc.Dial(addr, creds, grpc.WithBlock(), grpc.WithTimeout(5*time.Second)) // want `deprecated-dial`
}

func blockingContext(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return grpc.DialContext(ctx, addr, creds, grpc.WithReturnConnectionError()) // want `deprecated-dial`
}

// mayBlock waits under some condition.
func mayBlock(ctx context.Context, addr string, wait bool) (*grpc.ClientConn, error) {
	opts := []grpc.DialOption{creds, grpc.WithTimeout(time.Second)}
	if wait {
		opts = append(opts, grpc.WithBlock())
	}
	return grpc.DialContext(ctx, addr, opts...) // want `deprecated-dial`
}

// unknownOptions may hold WithBlock.
func unknownOptions(ctx context.Context, addr string, more func() grpc.DialOption) (*grpc.ClientConn, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return grpc.DialContext(ctx, addr, creds, more()) // want `deprecated-dial`
}

// forRPC bounds the RPC with the same context.
func forRPC(ctx context.Context, addr string) (*orderpb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := grpc.DialContext(ctx, addr, creds) // want `deprecated-dial`
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
}

// plain has no timeout at all.
func plain(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	return grpc.DialContext(ctx, addr, creds) // want `deprecated-dial`
}

// cancellable has no deadline.
func cancellable(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return grpc.DialContext(ctx, addr, creds) // want `deprecated-dial`
}

func waitsElsewhere(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	return opts.Wait(ctx, addr, grpc.WithTimeout(time.Second))
}

func noOption(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	return opts.Dial(ctx, addr, grpc.WithUserAgent("x"))
}

// newClient is another rule's business.
func newClient(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithTimeout(time.Second)) // want `grpc.NewClient ignores grpc.WithTimeout`
}
