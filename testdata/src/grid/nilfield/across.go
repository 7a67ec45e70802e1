package nilfield

import (
	"context"

	"example.com/testdata/grid/nilfield/across"
	pb "example.com/testdata/stubs/orderpb"
)

type imported struct {
	pb.UnimplementedOrderServiceServer
}

func (*imported) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	return &pb.Order{Name: across.Name(req)}, nil // want `makes the handler panic.* \[server/nil-field\]$`
}
