package dead

import (
	"context"
	"log"
	"sync/atomic"

	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

// Silent: something else than the error ends the loop.

func silentCancels(ctx context.Context, c pb.OrderServiceClient) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.WatchOrders(ctx, nil)
	if err != nil {
		return
	}
	for ctx.Err() == nil {
		m, err := stream.Recv()
		if err != nil {
			cancel()
			continue
		}
		log.Print(m)
	}
}

func silentCancelsAndWaits(ctx context.Context, c pb.OrderServiceClient) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.WatchOrders(ctx, nil)
	if err != nil {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		default:
		}
		if _, err := stream.Recv(); err != nil {
			cancel()
		}
	}
}

type failures struct {
	n      int
	closed atomic.Bool
}

func (f *failures) tooMany() bool { f.n++; return f.n > 3 }

func (f *failures) many() bool { return f.n > 3 }

func silentCounts(stream grpc.ServerStreamingClient[pb.OrderEvent], f *failures) {
	for {
		if _, err := stream.Recv(); err != nil {
			if f.tooMany() {
				return
			}
			continue
		}
	}
}

func silentUnknownCount(stream grpc.ServerStreamingClient[pb.OrderEvent], next interface{ Next() bool }) {
	for {
		if _, err := stream.Recv(); err != nil {
			if !next.Next() {
				return
			}
			continue
		}
	}
}

// Bad: nothing on the way changes what is asked for.

func looksOnly(ctx context.Context, stream grpc.ServerStreamingClient[pb.OrderEvent], f *failures) {
	for {
		if _, err := stream.Recv(); err != nil {
			if f.many() || f.closed.Load() || ctx.Err() != nil {
				return
			}
			continue // want `spins once stream has failed`
		}
	}
}

func cancelsForNothing(ctx context.Context, c pb.OrderServiceClient) {
	ctx, cancel := context.WithCancel(ctx)
	stream, err := c.WatchOrders(ctx, nil)
	if err != nil {
		cancel()
		return
	}
	for {
		if _, err := stream.Recv(); err != nil {
			cancel()
			continue // want `spins once stream has failed`
		}
	}
}
