// Package rawcontexterror returns errors of package context to a grpc-go that
// makes nothing of them.
package rawcontexterror

import (
	"context"

	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if err := ctx.Err(); err != nil {
		return nil, err // want `clients of GetOrder get the code Unknown: grpc-go 1\.44\.1-dev makes nothing else of ctx\.Err\(\) \[status/raw-context-error\]`
	}
	if req.GetName() == "late" {
		return nil, context.DeadlineExceeded // want `makes nothing else of context\.DeadlineExceeded`
	}
	return &pb.Order{}, nil
}

func (s *server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	<-stream.Context().Done()
	return stream.Context().Err() // want `makes nothing else of ctx\.Err\(\)`
}

// Silent.

type second struct {
	pb.UnimplementedOrderServiceServer
}

func (s *second) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if err := ctx.Err(); err != nil {
		return nil, status.FromContextError(err).Err()
	}
	return &pb.Order{}, nil
}
