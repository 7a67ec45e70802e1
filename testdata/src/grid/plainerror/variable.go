package plainerror

import (
	"context"
	"errors"

	pb "example.com/testdata/stubs/orderpb"
)

var checkVariable = func(req *pb.GetOrderRequest) error {
	if req.GetName() == "" {
		return errors.New("no name") // want `the code Unknown: errors\.New has none.* \[status/plain-error\]$`
	}
	return nil
}

type variable struct {
	pb.UnimplementedOrderServiceServer
}

func (*variable) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if err := checkVariable(req); err != nil {
		return nil, err
	}
	return &pb.Order{}, nil
}
