package dead

import (
	"context"
	"io"
	"log"
	"sync"
	"time"

	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

func returns(stream grpc.ServerStreamingClient[pb.OrderEvent]) error {
	for {
		m, err := stream.Recv()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if m.GetOrder() == nil {
			continue
		}
		log.Print(m)
	}
	return nil
}

func reopens(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.WatchOrders(ctx, nil)
	if err != nil {
		return err
	}
	for {
		m, err := stream.Recv()
		if err != nil {
			time.Sleep(time.Second)
			if stream, err = c.WatchOrders(ctx, nil); err != nil {
				return err
			}
			continue
		}
		log.Print(m)
	}
}

type resuming struct {
	mu     sync.Mutex
	c      pb.OrderServiceClient
	stream pb.OrderService_WatchOrdersClient
}

func (r *resuming) connect(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stream, _ = r.c.WatchOrders(ctx, nil)
}

func (r *resuming) run(ctx context.Context) {
	r.connect(ctx)
	for {
		m, err := r.stream.Recv()
		if err != nil {
			r.connect(ctx)
			continue
		}
		log.Print(m)
	}
}

func perTurn(ctx context.Context, c pb.OrderServiceClient) {
	for {
		stream, err := c.WatchOrders(ctx, nil)
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		if _, err := stream.Recv(); err != nil {
			time.Sleep(time.Second)
			continue
		}
	}
}

func counted(stream pb.OrderService_WatchOrdersClient) {
	for range 3 {
		if _, err := stream.Recv(); err != nil {
			continue
		}
	}
	failures := 0
	for {
		if _, err := stream.Recv(); err != nil {
			if failures++; failures > 5 {
				return
			}
			continue
		}
	}
}

func nilEnds(stream pb.OrderService_WatchOrdersClient) {
	for {
		m, _ := stream.Recv()
		if m == nil {
			return
		}
	}
}

func oneOfMany(streams []pb.OrderService_WatchOrdersClient) {
	for _, stream := range streams {
		if _, err := stream.Recv(); err != nil {
			continue
		}
	}
}

func fatal(stream pb.OrderService_WatchOrdersClient) {
	for {
		m, err := stream.Recv()
		if err != nil {
			log.Fatal(err)
		}
		log.Print(m)
	}
}

// reconnecting is a stream of its own, which gets over errors.
type reconnecting struct {
	c      pb.OrderServiceClient
	stream pb.OrderService_WatchOrdersClient
}

func (r *reconnecting) Recv() (*pb.OrderEvent, error) {
	m, err := r.stream.Recv()
	if err != nil {
		r.stream, err = r.c.WatchOrders(context.TODO(), nil)
	}
	return m, err
}

func overReconnecting(r *reconnecting) {
	for {
		if _, err := r.Recv(); err != nil {
			continue
		}
	}
}

func endsByFlag(stream pb.OrderService_WatchOrdersClient) error {
	var failed error
	for failed == nil {
		var m *pb.OrderEvent
		m, failed = stream.Recv()
		log.Print(m)
	}
	return failed
}

func endsInLoopHead(stream pb.OrderService_WatchOrdersClient) {
	for m, err := stream.Recv(); err == nil; m, err = stream.Recv() {
		log.Print(m)
	}
}

func labelled(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) {
receive:
	for {
		_, err := stream.Recv()
		switch {
		case err == io.EOF:
			break receive
		case err != nil:
			return
		}
	}
}
