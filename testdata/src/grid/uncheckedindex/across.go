package uncheckedindex

import (
	"context"

	"example.com/testdata/grid/uncheckedindex/across"
	pb "example.com/testdata/stubs/orderpb"
)

type imported struct {
	pb.UnimplementedOrderServiceServer
}

func (*imported) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return &pb.Order{Name: across.Tenants(ctx)[0]}, nil // want `causes a panic.* \[metadata/unchecked-index\]$`
}
