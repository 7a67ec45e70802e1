package nilfield

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

type direct struct {
	pb.UnimplementedOrderServiceServer
}

func (*direct) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	return &pb.Order{Name: req.Order.Name}, nil // want `makes the handler panic.* \[server/nil-field\]$`
}
