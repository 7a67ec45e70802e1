// Package ignoredsend tests cancel/ignored-send.
package ignoredsend

import (
	"io"
	"log"

	"google.golang.org/grpc"

	"example.com/testdata/cancel/ignoredsend/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	orders []*pb.OrderEvent
	events chan *pb.OrderEvent
}

func (s *server) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	for _, o := range s.orders {
		stream.Send(o) // want `^WatchOrders goes on working for a client that has gone: the loop does not end when Send fails \[cancel/ignored-send\]$`
	}
	for _, o := range s.orders {
		_ = stream.Send(o) // want `WatchOrders goes on working`
	}
	for _, o := range s.orders {
		if err := stream.SendMsg(o); err != nil { // want `WatchOrders goes on working`
			log.Printf("sending: %v", err)
		}
	}
	forward(stream, s.orders)
	return helper.Forward(stream, s.orders) // want `^WatchOrders goes on working for a client that has gone \(Forward → each\): the loop does not end when Send fails`
}

func forward(stream pb.OrderService_WatchOrdersServer, orders []*pb.OrderEvent) (int, error) {
	for _, o := range orders {
		stream.Send(o) // want `WatchOrders goes on working for a client that has gone \(forward\)`
	}
	return len(orders), nil
}

func (s *server) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	for {
		m, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		func() error {
			for range 3 {
				stream.Send(m) // want `Chat goes on working`
			}
			return nil
		}()
	}
}

type both struct {
	pb.UnimplementedOrderServiceServer
	events []*pb.OrderEvent
}

// One loop, one cause.
func (b *both) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	for _, event := range b.events {
		if event.GetOrder() == nil {
			stream.Send(&pb.OrderEvent{}) // want `WatchOrders goes on working`
		} else {
			stream.Send(event) // related `sends here, too`
		}
	}
	return nil
}
