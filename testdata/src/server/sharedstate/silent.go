package sharedstate

import (
	"context"
	"sync"
	"sync/atomic"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

// What follows is right, or not known to be wrong.

type locked struct {
	orderpb.UnimplementedOrderServiceServer
	mu     sync.Mutex
	byName map[string]*orderpb.Order
	count  atomic.Int64
	turns  chan struct{}
	order  *orderpb.Order
	once   sync.Once
	set    map[string]bool
	only   string
}

func (l *locked) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	l.count.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.put(req.GetOrder(), req.GetRequestId())
	return req.GetOrder(), nil
}

func (l *locked) put(order *orderpb.Order, id string) { l.byName[order.GetName()+id] = order }

func (l *locked) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	l.turns <- struct{}{}
	defer func() { <-l.turns }()
	l.order = &orderpb.Order{Name: req.GetName()}
	return l.order, nil
}

func (l *locked) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	unlock := l.lock()
	defer unlock()
	l.byName[req.GetOrder().GetName()] = req.GetOrder()
	return req.GetOrder(), nil
}

func (l *locked) lock() func() {
	l.mu.Lock()
	return l.mu.Unlock
}

func (l *locked) WatchOrders(req *orderpb.WatchOrdersRequest, stream orderpb.OrderService_WatchOrdersServer) error {
	l.once.Do(func() { l.set = make(map[string]bool) })
	local := map[string]int{}
	local[req.GetCustomer()]++
	return stream.Send(&orderpb.OrderEvent{})
}

// ListOrders writes what nobody reads.
func (l *locked) ListOrders(ctx context.Context, req *orderpb.ListOrdersRequest) (*orderpb.ListOrdersResponse, error) {
	l.only = req.GetPageToken()
	return &orderpb.ListOrdersResponse{}, nil
}

type byValue struct {
	paypb.UnimplementedPaymentServiceServer
	count int
}

func (b byValue) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	b.count++
	return &paypb.Payment{Name: string(rune(b.count))}, nil
}

// No handlers.

func (l *locked) reset() { l.byName = nil }

func newOrders() *orders {
	o := &orders{}
	o.byName = make(map[string]*orderpb.Order)
	return o
}
