// Package intercepted makes interceptors of themselves.
package intercepted

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/stubs/orderpb"
)

// endless makes an interceptor by itself, as far as one can see.
func endless(n int) grpc.UnaryClientInterceptor {
	if n > 0 {
		return endless(n - 1)
	}
	return around
}

var around grpc.UnaryClientInterceptor

func init() { around = around }

// intercepted: what the interceptor does is not known.
func intercepted() error {
	conn, err := grpc.NewClient("dns:///orders", grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithUnaryInterceptor(endless(3)))
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(context.Background(), &orderpb.GetOrderRequest{})
	return err
}
