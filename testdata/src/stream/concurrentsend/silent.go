package concurrentsend

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"

	"example.com/testdata/stream/concurrentsend/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func locked(stream pb.OrderService_WatchOrdersServer, users []string) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, u := range users {
		wg.Go(func() {
			e := get(u)
			mu.Lock()
			defer mu.Unlock()
			stream.Send(e)
		})
	}
	wg.Wait()
}

type lockedSession struct {
	mu     sync.Mutex
	stream pb.OrderService_ChatServer
}

func (s *lockedSession) send(m *pb.ChatMessage) error {
	s.mu.Lock()
	err := s.stream.Send(m)
	s.mu.Unlock()
	return err
}

func (s *lockedSession) run(out <-chan *pb.ChatMessage) error {
	go func() {
		for m := range out {
			s.send(m)
		}
	}()
	return s.send(nil)
}

func withHelper(stream pb.OrderService_WatchOrdersServer, users []string) {
	sender := &helper.Sender{Stream: stream}
	for _, u := range users {
		go sender.Send(get(u))
	}
}

// careful locks, whatever calls it.
type careful struct {
	pb.OrderService_WatchOrdersServer
	mu sync.Mutex
}

func (c *careful) Send(e *pb.OrderEvent) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.OrderService_WatchOrdersServer.Send(e)
}

type shadowing struct {
	pb.UnimplementedOrderServiceServer
}

func (s *shadowing) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	wrapped := &careful{OrderService_WatchOrdersServer: stream}
	var g errgroup.Group
	for _, u := range []string{"a", "b"} {
		g.Go(func() error { return wrapped.Send(get(u)) })
	}
	return g.Wait()
}

// asInterface is called with a careful one.
func asInterface(stream grpc.ServerStreamingServer[pb.OrderEvent], users []string) {
	for _, u := range users {
		go stream.Send(get(u))
	}
}

func callsAsInterface(stream pb.OrderService_WatchOrdersServer) {
	asInterface(&careful{OrderService_WatchOrdersServer: stream}, nil)
}

func oneAtATime(stream pb.OrderService_ChatServer, users []string) {
	var g errgroup.Group
	g.SetLimit(1)
	for range users {
		g.Go(func() error { return stream.Send(nil) })
	}
	g.Wait()
	for range users {
		done := make(chan struct{})
		go func() {
			defer close(done)
			stream.Send(nil)
		}()
		<-done
	}
}

func joined(stream pb.OrderService_ChatServer) error {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		stream.Send(nil)
	}()
	wg.Wait()
	return stream.Send(nil)
}

func before(stream pb.OrderService_ChatServer, out <-chan *pb.ChatMessage) error {
	if err := stream.Send(nil); err != nil {
		return err
	}
	go func() {
		for m := range out {
			stream.Send(m)
		}
	}()
	for {
		if _, err := stream.Recv(); err != nil {
			return err
		}
	}
}

func ownStreams(ctx context.Context, c pb.OrderServiceClient, users []string) {
	for range users {
		stream, err := c.Chat(ctx)
		if err != nil {
			return
		}
		go func() {
			stream.Send(nil)
		}()
	}
}

func perStream(streams []pb.OrderService_ChatServer) {
	for _, stream := range streams {
		go stream.Send(nil)
	}
}

func handshake(stream pb.OrderService_ChatServer, ready chan bool) error {
	go func() {
		<-ready
		stream.Send(nil)
	}()
	err := stream.Send(nil)
	ready <- true
	return err
}

func tokens(stream pb.OrderService_ChatServer, users []string) {
	token := make(chan struct{}, 1)
	for range users {
		go func() {
			token <- struct{}{}
			stream.Send(nil)
			<-token
		}()
	}
}

func eitherOr(stream pb.OrderService_ChatServer, later bool) error {
	if later {
		go stream.Send(nil)
	} else {
		return stream.Send(nil)
	}
	return nil
}

func sendAndReceive(stream pb.OrderService_ChatServer) error {
	go helper.Read(stream)
	return stream.Send(nil)
}
