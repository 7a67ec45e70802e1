package plainerror

import (
	"context"
	"errors"

	pb "example.com/testdata/stubs/orderpb"
)

func runCheck(f func() error) error { return f() }

func checkCalled(req *pb.GetOrderRequest) error {
	if req.GetName() == "" {
		return errors.New("no name") // want `the code Unknown: errors\.New has none.* \[status/plain-error\]$`
	}
	return nil
}

type callback struct {
	pb.UnimplementedOrderServiceServer
}

func (*callback) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if err := runCheck(func() error { return checkCalled(req) }); err != nil {
		return nil, err
	}
	return &pb.Order{}, nil
}
