package plainerror

import (
	"context"
	"errors"

	pb "example.com/testdata/stubs/orderpb"
)

type direct struct {
	pb.UnimplementedOrderServiceServer
}

func (*direct) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if req.GetName() == "" {
		return nil, errors.New("no name") // want `the code Unknown: errors\.New has none.* \[status/plain-error\]$`
	}
	return &pb.Order{}, nil
}
