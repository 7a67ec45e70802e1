package nilfield

import (
	"context"

	"example.com/testdata/server/nilfield/check"
	"example.com/testdata/stubs/orderpb"
)

// What is read comes from a function that returns a part of what it gets.

type given struct {
	orderpb.UnimplementedOrderServiceServer
}

func orderOrError(req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	if req.UpdateMask == nil {
		return nil, errMissing
	}
	return req.Order, nil
}

func (given) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	order, err := orderOrError(req)
	if err != nil {
		return nil, err
	}
	return &orderpb.Order{Name: order.Name}, nil // want `a request without Order makes the handler panic: order.Name is read`
}

func (given) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{Name: check.OrderOf(req).Name}, nil // want `a request without Order makes the handler panic: check.OrderOf\(\.\.\.\).Name is read`
}

// It is there if it is returned.

type givenChecked struct {
	orderpb.UnimplementedOrderServiceServer
}

func orderThere(req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	if req.Order == nil {
		return nil, errMissing
	}
	return req.Order, nil
}

func (givenChecked) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	order, err := orderThere(req)
	if err != nil {
		return nil, err
	}
	return &orderpb.Order{Name: order.Name}, nil
}

func (givenChecked) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{Name: check.MustOrder(req).Name}, nil
}

// Or the caller has looked, itself or by a function of a package that reads by
// getters only.

type givenAfter struct {
	orderpb.UnimplementedOrderServiceServer
}

func (givenAfter) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	if req.Order == nil {
		return nil, errMissing
	}
	order := func() *orderpb.Order { return req.Order }
	return &orderpb.Order{Name: order().Name}, nil
}

func (givenAfter) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if !check.HasOrder(req) {
		return nil, errMissing
	}
	return &orderpb.Order{Name: req.Order.Name}, nil
}
