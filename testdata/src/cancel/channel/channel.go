// Package channel tests cancel/channel.
package channel

import (
	"context"

	"google.golang.org/grpc"

	"example.com/testdata/cancel/channel/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	events  chan *pb.OrderEvent
	quit    chan struct{}
	broker  *helper.Broker
	waiting map[string]chan *pb.Order
}

func (s *server) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	for e := range s.broker.Subscribe() { // want `^WatchOrders waits on when its client has gone: nothing but the channel ends the wait, not the context \[cancel/channel\]$`
		if err := stream.Send(e); err != nil {
			return err
		}
	}
	return s.follow(stream)
}

func (s *server) follow(stream pb.OrderService_WatchOrdersServer) error {
	for {
		select { // want `WatchOrders waits on when its client has gone \(server.follow\)`
		case e := <-s.events:
			if err := stream.Send(e); err != nil {
				return err
			}
		case <-s.quit:
			return nil
		}
	}
}

func (s *server) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	e := <-s.events // want `GetOrder waits on`
	return &pb.Order{Name: e.GetOrder().GetName()}, nil
}

var global = make(chan *pb.Order)

func (s *server) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	return <-global, nil // want `CreateOrder waits on`
}

func (s *server) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (*pb.Order, error) {
	return &pb.Order{Name: s.broker.Next(ctx).GetOrder().GetName()}, nil // want `UpdateOrder waits on when its client has gone \(Broker.Next\)`
}
