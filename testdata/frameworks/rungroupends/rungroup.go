// Package rungroupends holds servers in groups of oklog/run that end.
package rungroupends

import (
	"context"
	"net"

	"github.com/oklog/run"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	events <-chan *pb.OrderEvent
}

func (s server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	for {
		select {
		case event, ok := <-s.events:
			if !ok {
				return nil
			}
			if err := stream.Send(event); err != nil {
				return err
			}
		case <-stream.Context().Done():
			return stream.Context().Err()
		}
	}
}

func (s server) GetOrder(context.Context, *pb.GetOrderRequest) (*pb.Order, error) {
	return &pb.Order{}, nil
}

// The handlers are told to end before the server is stopped.
func told(lis net.Listener) error {
	events := make(chan *pb.OrderEvent)
	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, server{events: events})
	var g run.Group
	ctx, cancel := context.WithCancel(context.Background())
	g.Add(func() error { <-ctx.Done(); return nil }, func(error) {
		cancel()
		close(events)
	})
	g.Add(func() error { return s.Serve(lis) }, func(error) { s.GracefulStop() })
	return g.Run()
}

// Connections and streams are closed by the interrupt.
func dialled(target string) error {
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	client := pb.NewOrderServiceClient(conn)
	var g run.Group
	g.Add(func() error {
		stream, err := client.WatchOrders(ctx, &pb.WatchOrdersRequest{})
		if err != nil {
			return err
		}
		for {
			if _, err := stream.Recv(); err != nil {
				return err
			}
		}
	}, func(error) {
		cancel()
		conn.Close()
	})
	return g.Run()
}
