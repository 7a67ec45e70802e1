package timeoutwithoutblock

import (
	"context"
	"time"

	"google.golang.org/grpc"
)

// Bad: one timeout for several dials, none of which waits.

func both(ctx context.Context) (orders, payments *grpc.ClientConn, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	orders, err = grpc.DialContext(ctx, "orders:443", creds) // want `ignores the context's deadline` at "ctx" `deprecated-dial`
	if err != nil {
		return nil, nil, err
	}
	payments, err = grpc.DialContext(ctx, "payments:443", creds) // want `ignores the context's deadline` at "ctx" `deprecated-dial`
	return orders, payments, err
}

// Silent: the first of them waits until then.
func oneWaits(ctx context.Context) (orders, payments *grpc.ClientConn, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	orders, err = grpc.DialContext(ctx, "orders:443", creds, grpc.WithBlock()) // want `deprecated-dial`
	if err != nil {
		return nil, nil, err
	}
	payments, err = grpc.DialContext(ctx, "payments:443", creds) // want `deprecated-dial`
	return orders, payments, err
}
