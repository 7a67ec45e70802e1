package cleanup

import (
	"context"
	"time"

	"example.com/testdata/cancel/cleanup/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func detached(ctx context.Context, c pb.OrderServiceClient) {
	<-ctx.Done()
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	c.DeleteOrder(own, &pb.DeleteOrderRequest{})
	helper.Log(ctx)
}

func ofParent(parent context.Context, c pb.OrderServiceClient) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	<-ctx.Done()
	c.DeleteOrder(parent, &pb.DeleteOrderRequest{})
}

func rightOrder(parent context.Context, c pb.OrderServiceClient) {
	ctx, cancel := context.WithTimeout(parent, time.Minute)
	defer cancel()
	defer c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
	c.GetOrder(ctx, &pb.GetOrderRequest{})
}

func someWays(ctx context.Context, c pb.OrderServiceClient, events <-chan int) {
	select {
	case <-events:
	case <-ctx.Done():
	}
	c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
	if ctx.Err() == nil {
		c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
	}
}

func everyTurn(parent context.Context, c pb.OrderServiceClient) {
	for range 3 {
		ctx, cancel := context.WithTimeout(parent, time.Second)
		c.GetOrder(ctx, &pb.GetOrderRequest{})
		cancel()
	}
}

func reassigned(ctx context.Context, c pb.OrderServiceClient) {
	if ctx.Err() != nil {
		ctx = context.WithoutCancel(ctx)
		c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
	}
}

func otherContext(a, b context.Context, c pb.OrderServiceClient) {
	<-a.Done()
	c.DeleteOrder(b, &pb.DeleteOrderRequest{})
}

type worker struct {
	ctx    context.Context
	cancel context.CancelFunc
	c      pb.OrderServiceClient
}

func (w *worker) stop(ctx context.Context) {
	w.cancel()
	w.c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
}

func conditional(ctx context.Context, c pb.OrderServiceClient, early bool) {
	own, cancel := context.WithCancel(ctx)
	if early {
		cancel()
		return
	}
	c.DeleteOrder(own, &pb.DeleteOrderRequest{})
	cancel()
}
