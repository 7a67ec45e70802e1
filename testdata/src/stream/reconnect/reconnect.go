// Package reconnect tests stream/reconnect.
package reconnect

import (
	"context"
	"log"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

func handle(pb.OrderService_WatchOrdersClient) {}

func hammers(ctx context.Context, c pb.OrderServiceClient) {
	for {
		stream, err := c.WatchOrders(ctx, nil) // want `^the loop hammers a server that is down or overloaded: it opens WatchOrders again without a pause when that has failed \[stream/reconnect\]$`
		if err != nil {
			log.Printf("watching: %v", err)
			continue
		}
		handle(stream)
	}
}

func whileAlive(ctx context.Context, c pb.OrderServiceClient) {
	for ctx.Err() == nil {
		if stream, err := c.WatchOrders(ctx, nil); err == nil { // want `the loop hammers a server`
			handle(stream)
		}
	}
}

func someCodes(ctx context.Context, c pb.OrderServiceClient) error {
	for {
		stream, err := c.Chat(ctx) // want `it opens Chat again without a pause`
		if status.Code(err) == codes.Unavailable {
			continue
		}
		if err != nil {
			return err
		}
		stream.CloseSend()
		return nil
	}
}

func withOption(ctx context.Context, c pb.OrderServiceClient) {
	for {
		stream, err := c.WatchOrders(ctx, nil, grpc.MaxCallRecvMsgSize(1<<20)) // want `the loop hammers a server`
		if err != nil {
			report(err)
			continue
		}
		handle(stream)
	}
}

func report(err error) { log.Print("again: ", err) }

func pollsDone(ctx context.Context, c pb.OrderServiceClient) {
	for {
		stream, err := c.WatchOrders(ctx, nil) // want `the loop hammers a server`
		if err != nil {
			if ctx.Err() != nil {
				return
			}
			continue
		}
		handle(stream)
	}
}

func silentSleep(ctx context.Context, c pb.OrderServiceClient) {
	for {
		stream, err := c.WatchOrders(ctx, nil)
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		handle(stream)
	}
}

func silentSelect(ctx context.Context, c pb.OrderServiceClient) {
	for {
		stream, err := c.WatchOrders(ctx, nil)
		if err == nil {
			handle(stream)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

func silentReady(ctx context.Context, c pb.OrderServiceClient, opts ...grpc.CallOption) {
	for {
		stream, err := c.WatchOrders(ctx, nil, grpc.WaitForReady(true))
		if err != nil {
			continue
		}
		handle(stream)
	}
}

func silentOptions(ctx context.Context, c pb.OrderServiceClient, opts ...grpc.CallOption) {
	for {
		stream, err := c.WatchOrders(ctx, nil, opts...)
		if err != nil {
			continue
		}
		handle(stream)
	}
}

func silentCounted(ctx context.Context, c pb.OrderServiceClient) {
	for attempt := 0; attempt < 3; attempt++ {
		stream, err := c.WatchOrders(ctx, nil)
		if err != nil {
			continue
		}
		handle(stream)
	}
}

func silentBackOff(ctx context.Context, c pb.OrderServiceClient, backOff func()) {
	for {
		stream, err := c.WatchOrders(ctx, nil)
		if err != nil {
			backOff()
			continue
		}
		handle(stream)
	}
}

func silentReturns(ctx context.Context, c pb.OrderServiceClient) error {
	for {
		stream, err := c.WatchOrders(ctx, nil)
		if err != nil {
			return err
		}
		handle(stream)
	}
}

func silentTicker(ctx context.Context, c pb.OrderServiceClient) {
	for range time.Tick(time.Second) {
		stream, err := c.WatchOrders(ctx, nil)
		if err != nil {
			continue
		}
		handle(stream)
	}
}

type pool struct {
	mu   sync.Mutex
	cond *sync.Cond
}

func (p *pool) silentOwnPause(ctx context.Context, c pb.OrderServiceClient) {
	for {
		stream, err := c.WatchOrders(ctx, nil)
		if err != nil {
			p.pause()
			continue
		}
		handle(stream)
	}
}

func (p *pool) pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cond.Wait()
}

func silentEach(ctx context.Context, clients []pb.OrderServiceClient) {
	for _, c := range clients {
		stream, err := c.WatchOrders(ctx, nil)
		if err != nil {
			continue
		}
		handle(stream)
	}
}
