package unbufferedresult

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

// caller works for no handler: it makes RPCs, and does not wait for all.
type caller struct{ c pb.OrderServiceClient }

func (c *caller) first(ctx context.Context, name string) (*pb.Order, error) {
	ch := make(chan *pb.Order) // want `^a goroutine stays for ever when caller.first gives up first: it waits to send on this channel, which has no room`
	go func() {
		o, _ := c.c.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
		ch <- o // related `waits here`
	}()
	select {
	case o := <-ch:
		return o, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *caller) any(ctx context.Context, names []string) error {
	failures := make(chan error) // want `when caller.any gives up first`
	for _, name := range names {
		go func() { failures <- c.get(ctx, name) }()
	}
	for range names {
		if err := <-failures; err != nil {
			return err
		}
	}
	return nil
}

func (c *caller) get(ctx context.Context, name string) error {
	_, err := c.c.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
	return err
}

func (c *caller) events(ctx context.Context, use func(*pb.OrderEvent) error) error {
	stream, err := c.c.WatchOrders(ctx, &pb.WatchOrdersRequest{})
	if err != nil {
		return err
	}
	ch := make(chan *pb.OrderEvent) // related `the channel has no room`
	go func() {
		defer close(ch)
		for {
			e, err := stream.Recv()
			if err != nil {
				return
			}
			ch <- e // want `when caller.events gives up first`
		}
	}()
	for e := range ch {
		if err := use(e); err != nil {
			return err
		}
	}
	return nil
}

// Silent.

func (c *caller) withRoom(ctx context.Context, name string) (*pb.Order, error) {
	ch := make(chan *pb.Order, 1)
	go func() {
		o, _ := c.c.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
		ch <- o
	}()
	select {
	case o := <-ch:
		return o, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
