// Package gobreaker2 uses github.com/sony/gobreaker/v2.
package gobreaker2

import (
	"context"

	"github.com/sony/gobreaker/v2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/libs/gobreaker2/breakers"
	"example.com/testdata/stubs/orderpb"
)

func local(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	cb := gobreaker.NewCircuitBreaker[*orderpb.Order](gobreaker.Settings{}) // want `answers like NotFound to OrderService.GetOrder open the breaker`
	return cb.Execute(func() (*orderpb.Order, error) { return c.GetOrder(ctx, req) })
}

// An interceptor for everything.
func interceptor() grpc.UnaryClientInterceptor {
	st := gobreaker.Settings{Name: "all", ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures > 10 }}
	cb := gobreaker.NewCircuitBreaker[any](st) // want `answers like NotFound open the breaker, as if the server were down: without IsSuccessful it counts every error`
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		_, err := cb.Execute(func() (any, error) {
			return nil, invoker(ctx, method, req, reply, cc, opts...)
		})
		return err
	}
}

var global = gobreaker.NewCircuitBreaker[*orderpb.Order](gobreaker.Settings{Name: "global"}) // want `answers like NotFound to OrderService.GetOrder open the breaker`

// The RPC is made by a function of another package.
func throughHelper(ctx context.Context, c orderpb.OrderServiceClient) (*orderpb.Order, error) {
	return global.Execute(func() (*orderpb.Order, error) { return breakers.Get(ctx, c, "orders/1") })
}

// The breaker is made by one.
func madeElsewhere(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	cb := breakers.New("orders")
	return cb.Execute(func() (*orderpb.Order, error) { return c.GetOrder(ctx, req) }) // want `answers like NotFound to OrderService.GetOrder open the breaker`
}

// From here on: silence.

func successful(err error) bool {
	switch status.Code(err) {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Internal, codes.Unknown:
		return false
	}
	return true
}

func judged(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	cb := gobreaker.NewCircuitBreaker[*orderpb.Order](gobreaker.Settings{IsSuccessful: successful})
	return cb.Execute(func() (*orderpb.Order, error) { return c.GetOrder(ctx, req) })
}

func excluding(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	cb := gobreaker.NewCircuitBreaker[*orderpb.Order](gobreaker.Settings{IsExcluded: successful})
	return cb.Execute(func() (*orderpb.Order, error) { return c.GetOrder(ctx, req) })
}

func judgedElsewhere(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	cb := breakers.Judged("orders", successful)
	return cb.Execute(func() (*orderpb.Order, error) { return c.GetOrder(ctx, req) })
}

// The function hides what the breaker is not to see.
func filtered(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (order *orderpb.Order, err error) {
	cb := gobreaker.NewCircuitBreaker[*orderpb.Order](gobreaker.Settings{})
	_, broken := cb.Execute(func() (*orderpb.Order, error) {
		order, err = c.GetOrder(ctx, req)
		if successful(err) {
			return order, nil
		}
		return nil, err
	})
	if broken != nil {
		return nil, broken
	}
	return order, err
}

// Settings from elsewhere.
func configured(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest, st gobreaker.Settings) (*orderpb.Order, error) {
	cb := gobreaker.NewCircuitBreaker[*orderpb.Order](st)
	return cb.Execute(func() (*orderpb.Order, error) { return c.GetOrder(ctx, req) })
}

func completed(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest, complete func(*gobreaker.Settings)) (*orderpb.Order, error) {
	st := gobreaker.Settings{Name: "orders"}
	complete(&st)
	cb := gobreaker.NewCircuitBreaker[*orderpb.Order](st)
	return cb.Execute(func() (*orderpb.Order, error) { return c.GetOrder(ctx, req) })
}

func given(ctx context.Context, cb *gobreaker.CircuitBreaker[*orderpb.Order], c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return cb.Execute(func() (*orderpb.Order, error) { return c.GetOrder(ctx, req) })
}

// No RPC.
func other(f func() (*orderpb.Order, error)) (*orderpb.Order, error) {
	cb := gobreaker.NewCircuitBreaker[*orderpb.Order](gobreaker.Settings{})
	return cb.Execute(f)
}
