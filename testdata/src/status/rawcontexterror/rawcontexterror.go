// Package rawcontexterror returns errors of package context to a grpc-go that
// makes a status of them; the module of older versions has the others.
package rawcontexterror

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if req.GetName() == "late" {
		return nil, context.DeadlineExceeded
	}
	return &pb.Order{}, nil
}

func (s *server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	<-stream.Context().Done()
	return stream.Context().Err()
}
