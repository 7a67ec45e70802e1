package nilreply

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

type fake struct {
	pb.UnimplementedOrderServiceServer
}

func (fake) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return nil, nil
}
