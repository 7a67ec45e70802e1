// Package breakers makes breakers, and calls, for other packages.
package breakers

import (
	"context"

	"github.com/sony/gobreaker/v2"

	"example.com/testdata/stubs/orderpb"
)

// New counts every error.
func New(name string) *gobreaker.CircuitBreaker[*orderpb.Order] {
	return gobreaker.NewCircuitBreaker[*orderpb.Order](gobreaker.Settings{Name: name})
}

// Judged is told what to count.
func Judged(name string, ok func(error) bool) *gobreaker.CircuitBreaker[*orderpb.Order] {
	return gobreaker.NewCircuitBreaker[*orderpb.Order](gobreaker.Settings{Name: name, IsSuccessful: ok})
}

// Get makes an RPC.
func Get(ctx context.Context, c orderpb.OrderServiceClient, name string) (*orderpb.Order, error) {
	return c.GetOrder(ctx, &orderpb.GetOrderRequest{Name: name})
}
