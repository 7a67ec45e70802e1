// Package gobreaker1 uses github.com/sony/gobreaker.
package gobreaker1

import (
	"context"
	"time"

	"github.com/sony/gobreaker"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
)

type orders struct {
	client orderpb.OrderServiceClient
	cb     *gobreaker.CircuitBreaker
}

func newOrders(client orderpb.OrderServiceClient) *orders {
	return &orders{client: client, cb: gobreaker.NewCircuitBreaker(gobreaker.Settings{Name: "orders", Timeout: time.Second})} // want `answers like NotFound to OrderService.GetOrder open the breaker, as if the server were down: without IsSuccessful it counts every error \[retry/breaker\]`
}

func (o *orders) get(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	order, err := o.cb.Execute(func() (interface{}, error) { // related `the breaker is used here`
		return o.client.GetOrder(ctx, req)
	})
	if err != nil {
		return nil, err
	}
	return order.(*orderpb.Order), nil
}

// From here on: silence.

type judged struct {
	client orderpb.OrderServiceClient
	cb     *gobreaker.CircuitBreaker
}

func newJudged(client orderpb.OrderServiceClient) *judged {
	var st gobreaker.Settings
	st.Name = "orders"
	st.IsSuccessful = func(err error) bool {
		return err == nil || status.Code(err) == codes.NotFound
	}
	return &judged{client: client, cb: gobreaker.NewCircuitBreaker(st)}
}

func (j *judged) get(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	order, err := j.cb.Execute(func() (interface{}, error) { return j.client.GetOrder(ctx, req) })
	if err != nil {
		return nil, err
	}
	return order.(*orderpb.Order), nil
}
