// Package sharedstate keeps what it is sent.
package sharedstate

import (
	"context"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

type orders struct {
	orderpb.UnimplementedOrderServiceServer
	count   int
	byName  map[string]*orderpb.Order
	recent  []*orderpb.Order
	stats   struct{ created, deleted int }
	last    string
	pause   func()
	watched map[string]bool
}

func (o *orders) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	n := o.count
	order := req.GetOrder()
	if o.pause != nil {
		o.pause()
	}
	o.count = n + 1                      // want `two RPCs at a time lose or mix up data: CreateOrder writes o.count, which they share, without a lock \[server/shared-state\]`
	o.byName[req.GetRequestId()] = order // want `two RPCs at a time can crash the server: CreateOrder writes the map o.byName, which they share, without a lock`
	return order, nil
}

func (o *orders) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	o.last = req.GetName() // want `GetOrder writes o.last, which they share, without a lock`
	return o.byName[o.last], nil
}

func (o *orders) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	o.remember(req.GetOrder())
	o.stats.created++ // related `so is this`
	return req.GetOrder(), nil
}

func (o *orders) remember(order *orderpb.Order) {
	o.recent = append(o.recent, order) // want `UpdateOrder writes o.recent and 1 more, which they share, without a lock`
}

func (o *orders) WatchOrders(req *orderpb.WatchOrdersRequest, stream orderpb.OrderService_WatchOrdersServer) error {
	delete(o.watched, req.GetCustomer()) // want `WatchOrders writes the map o.watched, which they share`
	return stream.Send(&orderpb.OrderEvent{})
}

type payments struct {
	paypb.UnimplementedPaymentServiceServer
	total int64
}

func (p *payments) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	p.total += req.GetAmount().GetUnits() // want `Charge writes p.total, which they share, without a lock`
	return &paypb.Payment{}, nil
}
