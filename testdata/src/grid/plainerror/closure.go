package plainerror

import (
	"context"
	"errors"

	pb "example.com/testdata/stubs/orderpb"
)

type closure struct {
	pb.UnimplementedOrderServiceServer
}

func (*closure) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	check := func(req *pb.GetOrderRequest) error {
		if req.GetName() == "" {
			return errors.New("no name") // want `the code Unknown: errors\.New has none.* \[status/plain-error\]$`
		}
		return nil
	}
	if err := check(req); err != nil {
		return nil, err
	}
	return &pb.Order{}, nil
}
