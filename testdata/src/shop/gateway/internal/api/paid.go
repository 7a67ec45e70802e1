package api

import (
	"context"

	orderv1 "example.com/testdata/shop/gen/order/v1"
)

// awaitPaid returns an order as soon as it is paid, for the front page.
func (c *Recent) awaitPaid(ctx context.Context, name string) (*orderv1.Order, error) {
	// The request that asks is answered long before.
	stream, err := c.client.WatchOrder(context.WithoutCancel(ctx), &orderv1.WatchOrderRequest{Name: name})
	if err != nil {
		return nil, err
	}
	for {
		o, err := stream.Recv()
		if err != nil {
			return nil, err
		}
		if o.GetPaid() || o.GetState() == orderv1.Order_STATE_CANCELLED {
			return o, nil
		}
	}
}
