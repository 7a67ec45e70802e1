package goroutine

import (
	"context"
	"sync"

	pb "example.com/testdata/stubs/orderpb"
)

// The goroutine gets the context in a struct, or in a literal that it runs.
type handing struct {
	pb.UnimplementedOrderServiceServer
	c  pb.OrderServiceClient
	wg sync.WaitGroup
}

type order struct {
	ctx context.Context
	c   pb.OrderServiceClient
}

func (o order) create() { o.c.CreateOrder(o.ctx, nil) }

func (o order) createUnlessDone() {
	select {
	case <-o.ctx.Done():
	default:
		o.c.CreateOrder(o.ctx, nil)
	}
}

func (h *handing) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	go order{ctx, h.c}.create() // want `CreateOrder is cut off when GetOrder returns`
	return &pb.Order{}, nil
}

func call(f func()) { f() }

// Silent: its context is not the RPC's, it looks at the end, or somebody waits.
func (h *handing) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (*pb.Order, error) {
	go order{context.WithoutCancel(ctx), h.c}.create()
	go order{ctx, h.c}.createUnlessDone()
	return &pb.Order{}, nil
}

func (h *handing) DeleteOrders(ctx context.Context) {
	h.wg.Go(func() { h.c.DeleteOrder(ctx, nil) })
	call(func() { h.wg.Wait() })
}
