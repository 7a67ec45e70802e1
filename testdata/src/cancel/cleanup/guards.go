package cleanup

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

// Bad.

func cancelledInside(parent context.Context, c pb.OrderServiceClient) {
	ctx, cancel := context.WithTimeout(parent, time.Second)
	func() {
		cancel()
		c.DeleteOrder(ctx, &pb.DeleteOrderRequest{}) // want `cancel/cleanup`
	}()
}

// Silent.

func eachTurn(parent context.Context, c pb.OrderServiceClient, names []string) {
	for _, name := range names {
		ctx, cancel := context.WithTimeout(parent, time.Second)
		c.DeleteOrder(ctx, &pb.DeleteOrderRequest{Name: name})
		cancel()
	}
}

func otherCancel(parent context.Context, c pb.OrderServiceClient) {
	ctx, cancel := context.WithTimeout(parent, time.Second)
	defer cancel()
	other, stop := context.WithTimeout(parent, time.Second)
	c.GetOrder(other, &pb.GetOrderRequest{})
	stop()
	c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
}

func deferredBefore(parent context.Context, c pb.OrderServiceClient) {
	ctx, cancel := context.WithTimeout(parent, time.Second)
	defer cancel()
	defer c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
	c.GetOrder(ctx, &pb.GetOrderRequest{})
}

// open hands out a context and something that is not its cancel function.
func open(parent context.Context) (context.Context, func()) { return parent, func() {} }

func ofOthers(parent context.Context, c pb.OrderServiceClient) {
	ctx, end := open(parent)
	end()
	c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
}

func otherChannel(ctx context.Context, c pb.OrderServiceClient, quit chan struct{}) {
	select {
	case <-quit:
		c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
	case <-ctx.Done():
	}
}
