// Package stacked retries inside of retries.
package stacked

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

const policy = `{"retryThrottling": {"maxTokens": 100, "tokenRatio": 0.1}, "methodConfig": [
	{"name": [{"service": "example.order.v1.OrderService", "method": "CreateOrder"}, {"service": "example.order.v1.OrderService", "method": "DeleteOrder"}, {"service": "example.order.v1.OrderService", "method": "ListOrders"}, {"service": "example.order.v1.OrderService", "method": "UpdateOrder"}], "timeout": "10s"}, {
	"name": [{"service": "example.order.v1.OrderService", "method": "GetOrder"}],
	"timeout": "5s",
	"retryPolicy": {"maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}
}]}`

var creds = grpc.WithTransportCredentials(insecure.NewCredentials())

// Orders has all three layers.
func Orders(addr string) (*orders, error) {
	conn, err := grpc.NewClient(addr, creds,
		grpc.WithDefaultServiceConfig(policy),
		grpc.WithChainUnaryInterceptor(retry.UnaryClientInterceptor(retry.WithMax(5), retry.WithCodes(codes.Unavailable))), // want `OrderService.GetOrder is attempted up to 20 times: 5 by retry.UnaryClientInterceptor × 4 by the service config`
	)
	if err != nil {
		return nil, err
	}
	return &orders{client: orderpb.NewOrderServiceClient(conn)}, nil
}

type orders struct{ client orderpb.OrderServiceClient }

func (o *orders) get(ctx context.Context, req *orderpb.GetOrderRequest) (order *orderpb.Order, err error) {
	for range 3 {
		order, err = o.client.GetOrder(ctx, req) // want `OrderService.GetOrder is attempted up to 60 times: 3 by this loop × 5 by retry.UnaryClientInterceptor × 4 by the service config \[retry/stacked\]`
		if status.Code(err) != codes.Unavailable {
			return order, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
	return order, err
}

// No policy for the method: two layers.
func (o *orders) list(ctx context.Context, req *orderpb.ListOrdersRequest) (reply *orderpb.ListOrdersResponse, err error) {
	for range 3 {
		reply, err = o.client.ListOrders(ctx, req) // want `OrderService.ListOrders is attempted up to 15 times: 3 by this loop × 5 by retry.UnaryClientInterceptor \[retry/stacked\]`
		if status.Code(err) != codes.Unavailable {
			return reply, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
	return reply, err
}

// The call asks the interceptor for less, and for nothing.
func (o *orders) asked(ctx context.Context, req *orderpb.ListOrdersRequest) (reply *orderpb.ListOrdersResponse, err error) {
	for range 3 {
		reply, err = o.client.ListOrders(ctx, req, retry.WithMax(2)) // want `OrderService.ListOrders is attempted up to 6 times: 3 by this loop × 2 by retry.WithMax \[retry/stacked\]`
		if status.Code(err) != codes.Unavailable {
			return reply, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
	return reply, err
}

func (o *orders) disabled(ctx context.Context, req *orderpb.ListOrdersRequest) (reply *orderpb.ListOrdersResponse, err error) {
	for range 3 {
		reply, err = o.client.ListOrders(ctx, req, retry.Disable())
		if status.Code(err) != codes.Unavailable {
			return reply, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
	return reply, err
}

// A loop around a function that retries by itself.
func twice(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.GetPaymentRequest) (p *paypb.Payment, err error) {
	for range 4 {
		p, err = once(ctx, c, req) // want `PaymentService.GetPayment \(once\) is attempted up to 12 times: 4 by this loop × 3 by the loop in once \[retry/stacked\]`
		if status.Code(err) != codes.Unavailable {
			return p, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
	return p, err
}

func once(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.GetPaymentRequest) (p *paypb.Payment, err error) {
	for range 3 {
		p, err = c.GetPayment(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return p, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
	return p, err
}

// The interceptor and the policy of one dial, without a loop.
func both(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds,
		grpc.WithDefaultServiceConfig(policy),
		grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(retry.WithMax(3))), // want `OrderService.GetOrder is attempted up to 12 times: 3 by retry.UnaryClientInterceptor × 4 by the service config \[retry/stacked\]`
	)
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		return nil
	}
}

// From here on: silence.

// Retries of the transport are switched off.
func switchedOff(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithDisableRetry(),
		grpc.WithDefaultServiceConfig(policy),
		grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(retry.WithMax(3))),
	)
}

// The interceptor makes one attempt, or none by itself.
func single(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds,
		grpc.WithDefaultServiceConfig(policy),
		grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(retry.WithMax(0))),
	)
}

// What the policy gives up on is not what the interceptor tries again.
func otherCodes(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds,
		grpc.WithDefaultServiceConfig(policy),
		grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(retry.WithMax(3), retry.WithCodes(codes.ResourceExhausted))), // want `retry/no-pushback`
	)
}

// One or the other.
func either(addr string, mesh bool) (*grpc.ClientConn, error) {
	opts := []grpc.DialOption{creds}
	if mesh {
		opts = append(opts, grpc.WithDefaultServiceConfig(policy))
	} else {
		opts = append(opts, grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(retry.WithMax(3))))
	}
	return grpc.NewClient(addr, opts...)
}

// How often is not known.
func configured(addr string, max uint) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds,
		grpc.WithDefaultServiceConfig(policy),
		grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(retry.WithMax(max))),
	)
}

// The loop retries what its callee never returns behind its own retries.
func apart(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.GetPaymentRequest) (p *paypb.Payment, err error) {
	for range 4 {
		p, err = once(ctx, c, req)
		if status.Code(err) != codes.ResourceExhausted {
			return p, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
	return p, err
}

// The items of a list, each with retries.
func each(ctx context.Context, c paypb.PaymentServiceClient, names []string) error {
	for _, name := range names {
		if _, err := once(ctx, c, &paypb.GetPaymentRequest{Name: name}); err != nil {
			return err
		}
	}
	return nil
}
