// Package concurrentsend tests stream/concurrent-send.
package concurrentsend

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"

	"example.com/testdata/stream/concurrentsend/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	events chan *pb.OrderEvent
	users  []string
}

func get(string) *pb.OrderEvent { return nil }

func (s *server) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	var wg sync.WaitGroup
	for _, u := range s.users {
		wg.Add(1)
		go func() { // related `the goroutine starts here`
			defer wg.Done()
			stream.Send(get(u)) // want `^goroutines of one loop send on stream at the same time: Send is not safe for that \[stream/concurrent-send\]$`
		}()
	}
	wg.Wait()
	return nil
}

func withGroup(ctx context.Context, stream pb.OrderService_WatchOrdersServer, users []string) error {
	g, _ := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for _, u := range users {
		g.Go(func() error {
			return stream.Send(get(u)) // want `goroutines of one loop send on stream`
		})
	}
	return g.Wait()
}

func besideParent(stream pb.OrderService_ChatServer, out <-chan *pb.ChatMessage) error {
	go func() {
		for m := range out {
			stream.Send(m) // want `^two goroutines send on stream at the same time: Send is not safe for that`
		}
	}()
	for {
		m, err := stream.Recv()
		if err != nil {
			return err
		}
		if err := stream.Send(m); err != nil { // related `the other one`
			return err
		}
	}
}

// session holds the stream.
type session struct {
	stream pb.OrderService_ChatServer
	out    chan *pb.ChatMessage
}

func (s *session) sendLoop() {
	for m := range s.out {
		s.stream.Send(m) // want `two goroutines send on s.stream at the same time`
	}
}

func (s *session) recvLoop() error {
	for {
		m, err := s.stream.Recv()
		if err != nil {
			return err
		}
		if err := s.stream.Send(m); err != nil {
			return err
		}
	}
}

func (s *server) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	c := &session{stream: stream, out: make(chan *pb.ChatMessage)}
	go c.sendLoop()
	return c.recvLoop() // want `status/eof`
}

type fanOut struct {
	stream pb.OrderService_WatchOrdersServer
}

func (f *fanOut) one(user string) error {
	return f.stream.Send(get(user)) // want `goroutines of one loop send on f.stream`
}

func (f *fanOut) all(users []string) error {
	var g errgroup.Group
	for _, u := range users {
		g.Go(func() error { return f.one(u) })
	}
	return g.Wait()
}

func throughHelper(stream pb.OrderService_WatchOrdersServer, users []string) {
	for _, u := range users {
		go helper.Forward(stream, get(u)) // want `goroutines of one loop send on the stream at the same time`
	}
}

func helperStarts(stream pb.OrderService_WatchOrdersServer, events <-chan *pb.OrderEvent) error {
	helper.Start(stream, events)       // want `two goroutines send on the stream at the same time`
	return helper.Forward(stream, nil) // related `the other one`
}

func client(ctx context.Context, c pb.OrderServiceClient, parts [][]*pb.UploadOrdersRequest) (*pb.UploadOrdersResponse, error) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return nil, err
	}
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Go(func() {
			for _, r := range part {
				stream.Send(r) // want `goroutines of one loop send on stream` info `stream/ignored-send`
			}
		})
	}
	wg.Wait()
	return stream.CloseAndRecv()
}
