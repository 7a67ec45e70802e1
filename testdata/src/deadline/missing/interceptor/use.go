// Package interceptor sets the deadline in a closure that a function
// returns.
package interceptor

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
)

func withTimeout(d time.Duration) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		ctx, cancel := context.WithTimeout(ctx, d)
		defer cancel()
		return invoker(ctx, method, req, reply, cc, opts...)
	}
}

type client struct{ orders pb.OrderServiceClient }

func newClient(conn *grpc.ClientConn) *client { return &client{pb.NewOrderServiceClient(conn)} }

func (c *client) get() { c.orders.GetOrder(context.Background(), nil) }

func open() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithUnaryInterceptor(withTimeout(time.Second)))
}

var _ = []any{newClient, (*client).get, open}
