package plainerror

import (
	"context"
	"errors"

	pb "example.com/testdata/stubs/orderpb"
)

type names struct{}

func (names) check(req *pb.GetOrderRequest) error {
	if req.GetName() == "" {
		return errors.New("no name") // want `the code Unknown: errors\.New has none.* \[status/plain-error\]$`
	}
	return nil
}

type method struct {
	pb.UnimplementedOrderServiceServer
}

func (*method) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	n := names{}
	if err := n.check(req); err != nil {
		return nil, err
	}
	return &pb.Order{}, nil
}
