// Package rungroupstops holds a server in a group of oklog/run that is stopped.
package rungroupstops

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

func stopped(lis net.Listener) error {
	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, server{})
	var g run.Group
	g.Add(func() error { return s.Serve(lis) }, func(error) { s.Stop() })
	return g.Run()
}
