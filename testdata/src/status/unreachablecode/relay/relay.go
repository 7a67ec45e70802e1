// Package relay serves what it calls.
package relay

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// relay is a server whose client is connected to another one.
type relay struct {
	pb.UnimplementedOrderServiceServer
	next pb.OrderServiceClient
}

func (r *relay) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, err := r.next.GetOrder(ctx, req)
	if r.isThere(err) {
		return order, nil
	}
	if status.Code(err) == codes.NotFound {
		return &pb.Order{}, nil
	}
	return nil, status.Error(codes.Internal, "no such order")
}

func (r *relay) isThere(err error) bool { return status.Code(err) != codes.FailedPrecondition }
