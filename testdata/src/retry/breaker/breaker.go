// Package breaker runs RPCs in circuit breakers. The cases are with those
// of the libraries, in testdata/libs.
package breaker

import (
	"context"

	"github.com/sony/gobreaker"

	"example.com/testdata/stubs/orderpb"
)

type client struct {
	orders orderpb.OrderServiceClient
	cb     *gobreaker.CircuitBreaker
}

func newClient(orders orderpb.OrderServiceClient) *client {
	return &client{orders, gobreaker.NewCircuitBreaker(gobreaker.Settings{Name: "orders"})} // want `answers like NotFound to OrderService.GetOrder open the breaker, as if the server were down: without IsSuccessful it counts every error \[retry/breaker\]`
}

func (c *client) get(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	order, err := c.cb.Execute(func() (any, error) { return c.orders.GetOrder(ctx, req) })
	if err != nil {
		return nil, err
	}
	return order.(*orderpb.Order), nil
}
