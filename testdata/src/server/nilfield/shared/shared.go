// Package shared has handlers that call the same functions of another package.
package shared

import (
	"context"

	"example.com/testdata/server/nilfield/check"
	"example.com/testdata/stubs/orderpb"
)

// A read in another package is one finding, however many handlers lead there.
type buyers struct {
	orderpb.UnimplementedOrderServiceServer
}

func (b *buyers) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	_ = req.GetRequestId()
	return &orderpb.Order{Customer: check.Buyer(req.Order)}, nil // want `a request without Order makes the handler panic: check.Buyer reads Order without a nil check`
}

func (b *buyers) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{Customer: check.Buyer(req.GetOrder())}, nil // related "and by this call"
}

// What a directive silences is apart.
type sellers struct {
	orderpb.UnimplementedOrderServiceServer
}

func (s *sellers) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	//grpclint:ignore server/nil-field an interceptor looks at it
	return &orderpb.Order{Customer: check.Seller(req.GetOrder())}, nil
}

func (s *sellers) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	_ = req.GetRequestId()
	return &orderpb.Order{Customer: check.Seller(req.Order)}, nil // want `a request without Order makes the handler panic: check.Seller reads Order without a nil check`
}
