// Package fxapp holds programs of uber's fx.
package fxapp

import (
	"context"
	"net"

	"go.uber.org/fx"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	next pb.OrderServiceClient
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return s.next.GetOrder(ctx, req)
}

func (s *server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	<-stream.Context().Done()
	return nil
}

func newConn(lc fx.Lifecycle) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient("localhost:9000", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	lc.Append(fx.StopHook(conn.Close))
	return conn, nil
}

func newClient(conn *grpc.ClientConn) pb.OrderServiceClient { return pb.NewOrderServiceClient(conn) }

func newServer(lc fx.Lifecycle, next pb.OrderServiceClient) *grpc.Server {
	srv := grpc.NewServer()
	pb.RegisterOrderServiceServer(srv, &server{next: next})
	lc.Append(fx.Hook{
		OnStart: func(ctx context.Context) error {
			lis, err := new(net.ListenConfig).Listen(ctx, "tcp", ":9000")
			if err != nil {
				return err
			}
			go srv.Serve(lis)
			return nil
		},
		OnStop: func(ctx context.Context) error {
			srv.GracefulStop()
			return nil
		},
	})
	return srv
}

func warm(lc fx.Lifecycle, client pb.OrderServiceClient) {
	lc.Append(fx.Hook{OnStart: func(ctx context.Context) error {
		_, err := client.GetOrder(ctx, &pb.GetOrderRequest{}) // fx gives it 15 seconds
		return err
	}})
}

var module = fx.Module("orders", fx.Provide(newConn, newClient, newServer), fx.Invoke(warm, func(*grpc.Server) {}))

func run() { fx.New(module).Run() }
