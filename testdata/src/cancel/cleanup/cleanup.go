// Package cleanup tests cancel/cleanup.
package cleanup

import (
	"context"
	"time"

	"example.com/testdata/cancel/cleanup/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func afterDone(ctx context.Context, c pb.OrderServiceClient) {
	<-ctx.Done()                                 // related `the context is over here`
	c.DeleteOrder(ctx, &pb.DeleteOrderRequest{}) // want `^DeleteOrder fails at once: its context is over here, behind <-Done\(\) \[cancel/cleanup\]$`
}

func inCase(ctx context.Context, c pb.OrderServiceClient, events <-chan int) {
	for {
		select {
		case <-events:
		case <-ctx.Done():
			own := context.WithValue(ctx, "k", "v")
			c.DeleteOrder(own, &pb.DeleteOrderRequest{}) // want `DeleteOrder fails at once: its context is over here, on the branch for the end of the context`
			return
		}
	}
}

func afterErr(ctx context.Context, c pb.OrderServiceClient) error {
	if ctx.Err() != nil {
		return helper.Release(ctx, c) // want `DeleteOrder fails at once: its context is over here`
	}
	return nil
}

func afterCancel(parent context.Context, c pb.OrderServiceClient) {
	ctx, cancel := context.WithCancel(parent)
	c.GetOrder(ctx, &pb.GetOrderRequest{})
	cancel()
	release(ctx, c) // want `DeleteOrder fails at once: its context is over here, behind its cancel function`
}

func release(ctx context.Context, c pb.OrderServiceClient) {
	c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
}

func deferredOrder(parent context.Context, c pb.OrderServiceClient) {
	ctx, cancel := context.WithTimeout(parent, time.Minute)
	defer c.DeleteOrder(ctx, &pb.DeleteOrderRequest{}) // want `DeleteOrder fails at once: its context is over here, deferred calls run last in, first out`
	defer cancel()
	c.GetOrder(ctx, &pb.GetOrderRequest{})
}

func deferredLiteral(parent context.Context, c pb.OrderServiceClient) {
	ctx, cancel := context.WithTimeout(parent, time.Minute)
	defer func() {
		release(ctx, c) // want `DeleteOrder fails at once`
	}()
	defer cancel()
	c.GetOrder(ctx, &pb.GetOrderRequest{})
}

func inLiteral(parent context.Context, c pb.OrderServiceClient) func() {
	ctx, cancel := context.WithCancel(parent)
	return func() {
		cancel()
		helper.Release(ctx, c) // want `DeleteOrder fails at once`
	}
}

func goroutine(ctx context.Context, c pb.OrderServiceClient) {
	go func() {
		<-ctx.Done()
		helper.Release(ctx, c) // want `DeleteOrder fails at once`
	}()
}
