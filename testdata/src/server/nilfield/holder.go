package nilfield

import (
	"context"

	"example.com/testdata/stubs/orderpb"
)

// A struct holds the request for a helper.
type held struct {
	orderpb.UnimplementedOrderServiceServer
}

type creation struct{ req *orderpb.CreateOrderRequest }

func (c creation) name() string { return c.req.Order.Name } // want `a request without Order makes the handler panic: c.req.Order.Name`

func (held) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{Name: creation{req}.name()}, nil
}

type update struct{ req *orderpb.UpdateOrderRequest }

func (u *update) name() string { return u.req.Order.Name }

// Silent: it has looked before.
func (held) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	if req.GetOrder() == nil {
		return nil, errMissing
	}
	return &orderpb.Order{Name: (&update{req}).name()}, nil
}

type ownOrder struct{ o *orderpb.Order }

func (o ownOrder) name() string { return o.o.Name }

// Silent: the message is made here.
func (held) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{Name: ownOrder{&orderpb.Order{Name: req.Name}}.name()}, nil
}
