// Package rungroup holds a server in a group of oklog/run whose shutdown hangs.
package rungroup

import (
	"context"
	"net"

	"github.com/oklog/run"
	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

func (server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	<-stream.Context().Done()
	return nil
}

func (server) GetOrder(context.Context, *pb.GetOrderRequest) (*pb.Order, error) {
	return &pb.Order{}, nil
}

func serve(lis net.Listener) error {
	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, server{})
	var g run.Group
	g.Add(func() error { return s.Serve(lis) }, func(error) { s.GracefulStop() }) // want `the shutdown waits for as long as clients like: GracefulStop does not end WatchOrders, and nothing calls Stop`
	ctx, cancel := context.WithCancel(context.Background())
	g.Add(run.ContextHandler(ctx))
	g.Add(func() error { <-ctx.Done(); return nil }, func(error) { cancel() })
	return g.Run()
}
