package reconnect

import (
	"context"
	"log"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

// What reports is handed to a helper, which may pause itself.

func slowly(f func()) {
	time.Sleep(time.Second)
	f()
}

func reportsByHelper(ctx context.Context, c pb.OrderServiceClient) {
	with := func(f func()) { f() }
	for {
		stream, err := c.WatchOrders(ctx, nil) // want `the loop hammers a server`
		if err != nil {
			with(func() { log.Print(err) })
			continue
		}
		handle(stream)
	}
}

func reportsSlowly(ctx context.Context, c pb.OrderServiceClient) {
	for {
		stream, err := c.WatchOrders(ctx, nil)
		if err != nil {
			slowly(func() { log.Print(err) })
			continue
		}
		handle(stream)
	}
}

func pausesInHelper(ctx context.Context, c pb.OrderServiceClient) {
	paused := func(f func()) { f() }
	for {
		stream, err := c.WatchOrders(ctx, nil)
		if err != nil {
			paused(func() { time.Sleep(time.Second) })
			continue
		}
		handle(stream)
	}
}
