// Package dialer connects for other packages.
package dialer

import (
	"context"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

// Dial connects with retries.
func Dial(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(`{"retryThrottling": {"maxTokens": 100, "tokenRatio": 0.1}, "methodConfig": [
			{"name": [{"service": "example.order.v1.OrderService", "method": "CreateOrder"}, {"service": "example.order.v1.OrderService", "method": "DeleteOrder"}, {"service": "example.order.v1.OrderService", "method": "ListOrders"}, {"service": "example.order.v1.OrderService", "method": "UpdateOrder"}], "timeout": "10s"}, {"name": [{"service": "example.order.v1.OrderService", "method": "GetOrder"}], "timeout": "5s",
			"retryPolicy": {"maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}]}`))
}

// Payments returns a client whose interceptor retries.
func Payments(addr string) (paypb.PaymentServiceClient, error) {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(retry.WithMax(3))))
	if err != nil {
		return nil, err
	}
	return paypb.NewPaymentServiceClient(conn), nil
}

// List tries twice.
func List(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.ListOrdersRequest) (reply *orderpb.ListOrdersResponse, err error) {
	for range 2 {
		reply, err = c.ListOrders(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return reply, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return reply, err
}

// Others returns clients of connections of their own.
func Others(conns ...grpc.ClientConnInterface) (list []paypb.PaymentServiceClient) {
	for _, conn := range conns {
		list = append(list, paypb.NewPaymentServiceClient(conn))
	}
	return list
}
