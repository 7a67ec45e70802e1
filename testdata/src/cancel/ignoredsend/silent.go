package ignoredsend

import (
	"errors"
	"io"
	"log"
	"sync"

	"google.golang.org/grpc"

	"example.com/testdata/cancel/ignoredsend/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type careful struct {
	pb.UnimplementedOrderServiceServer
	orders  []*pb.OrderEvent
	mu      sync.Mutex
	clients map[string]pb.OrderService_WatchOrdersServer
}

func (s *careful) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	for _, o := range s.orders {
		if err := stream.Send(o); err != nil {
			return err
		}
	}
	for _, o := range s.orders {
		if err := stream.Send(o); err != nil {
			log.Print(err)
			break
		}
	}
	for _, o := range s.orders {
		if stream.Send(o) != nil {
			if stream.Context().Err() != nil {
				return nil
			}
			log.Print("failed")
		}
	}
	var all error
	for _, o := range s.orders {
		if err := stream.Send(o); err != nil {
			all = errors.Join(all, err)
		}
	}
	if err := helper.Checked(stream, s.orders); err != nil {
		return err
	}
	s.mu.Lock()
	s.clients[r.GetCustomer()] = stream
	s.mu.Unlock()
	own := &quiet{stream}
	for _, o := range s.orders {
		own.Send(o)
	}
	stream.Send(nil)
	return all
}

func (s *careful) broadcast(event *pb.OrderEvent) {
	for _, stream := range s.clients {
		stream.Send(event)
	}
}

// quiet remembers its error.
type quiet struct {
	pb.OrderService_WatchOrdersServer
}

func (q *quiet) Send(*pb.OrderEvent) error { return nil }

func unrelated(stream pb.OrderService_WatchOrdersServer, orders []*pb.OrderEvent) {
	for _, o := range orders {
		stream.Send(o) // nobody is known to call it
	}
}

// Recv fails when the client has gone, and ends the loop.
func (s *careful) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	for {
		m, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err = stream.Send(m); err != nil {
			log.Printf("sending: %v", err)
		}
	}
}
