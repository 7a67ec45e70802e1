// Package dead tests stream/dead.
package dead

import (
	"context"
	"errors"
	"io"
	"log"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

func logsAndGoesOn(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		m, err := stream.Recv() // related `receives here`
		if err != nil {
			log.Print(err)
			continue // want `^the loop spins once stream has failed: every Recv after an error fails at once, and the loop goes on \[stream/dead\]$`
		}
		log.Print(m)
	}
}

func endsForSomeCodes(stream pb.OrderService_WatchOrdersClient) error {
	for {
		m, err := stream.Recv()
		if err == io.EOF || status.Code(err) == codes.Canceled {
			return nil
		}
		if status.Code(err) == codes.Unavailable {
			time.Sleep(time.Second)
			continue // want `the loop spins once stream has failed`
		}
		if err != nil {
			return err
		}
		log.Print(m)
	}
}

func nobodyLooks(stream grpc.BidiStreamingClient[pb.ChatMessage, pb.ChatMessage]) {
	for {
		m, _ := stream.Recv() // want `spins once stream has failed`
		log.Print(m.GetText())
	}
}

func elseBranch(ctx context.Context, stream grpc.ClientStream) {
	for ctx.Err() == nil {
		m := new(pb.OrderEvent)
		if err := stream.RecvMsg(m); err == nil { // want `every RecvMsg after an error fails at once`
			log.Print(m)
		}
	}
}

type client struct {
	stream pb.OrderService_WatchOrdersClient
}

func newClient(ctx context.Context, c pb.OrderServiceClient) (*client, error) {
	stream, err := c.WatchOrders(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &client{stream: stream}, nil
}

func (c *client) run() {
	for {
		m, err := c.stream.Recv()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return
			}
			continue // want `spins once c.stream has failed`
		}
		log.Print(m)
	}
}

type server struct {
	pb.UnimplementedOrderServiceServer
}

func (s *server) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	for {
		m, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			log.Print(err)
			continue // want `spins once stream has failed`
		}
		if err := stream.Send(m); err != nil {
			return err
		}
	}
}

func inGoroutine(ctx context.Context, c pb.OrderServiceClient, out chan<- *pb.OrderEvent) error {
	stream, err := c.WatchOrders(ctx, nil)
	if err != nil {
		return err
	}
	go func() {
		for {
			m, err := stream.Recv()
			if err != nil {
				log.Print(err)
				continue // want `spins once stream has failed`
			}
			out <- m
		}
	}()
	return nil
}
