package plainerror

import (
	"context"
	"errors"

	pb "example.com/testdata/stubs/orderpb"
)

type boundNames struct{}

func (boundNames) check(req *pb.GetOrderRequest) error {
	if req.GetName() == "" {
		return errors.New("no name") // want `the code Unknown: errors\.New has none.* \[status/plain-error\]$`
	}
	return nil
}

type bound struct {
	pb.UnimplementedOrderServiceServer
}

func (*bound) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	check := boundNames{}.check
	if err := check(req); err != nil {
		return nil, err
	}
	return &pb.Order{}, nil
}
