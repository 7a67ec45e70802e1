// Package stock asks the warehouse.
package stock

import (
	"context"

	"example.com/testdata/stubs/orderpb"
)

type Stock struct {
	Orders orderpb.OrderServiceClient
}

func (s *Stock) Release(ctx context.Context, name string) error {
	_, err := s.Orders.UpdateOrder(ctx, &orderpb.UpdateOrderRequest{Order: &orderpb.Order{Name: name}})
	return err
}
