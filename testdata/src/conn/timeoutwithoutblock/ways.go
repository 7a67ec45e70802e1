package timeoutwithoutblock

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
)

func open(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	return grpc.DialContext(ctx, addr, creds) // want `ignores the context's deadline` at "ctx" `deprecated-dial`
}

func byOpen(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second) // related `the deadline is set here`
	defer cancel()
	return open(ctx, addr)
}

func openAndAsk(ctx context.Context, addr string) (*orderpb.Order, error) {
	conn, err := grpc.DialContext(ctx, addr, creds) // want `deprecated-dial`
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
}

// byOpenAndAsk bounds the RPC.
func byOpenAndAsk(ctx context.Context, addr string) (*orderpb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return openAndAsk(ctx, addr)
}
