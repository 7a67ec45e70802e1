package plainerror

import (
	"context"

	"example.com/testdata/grid/plainerror/across"
	pb "example.com/testdata/stubs/orderpb"
)

type imported struct {
	pb.UnimplementedOrderServiceServer
}

func (*imported) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if err := across.Check(req); err != nil {
		return nil, err // want `the code Unknown: errors\.New has none.* \[status/plain-error\]$`
	}
	return &pb.Order{}, nil
}
