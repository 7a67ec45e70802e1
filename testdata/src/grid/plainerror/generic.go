package plainerror

import (
	"context"
	"errors"

	pb "example.com/testdata/stubs/orderpb"
)

func checkTagged[T any](tag T, req *pb.GetOrderRequest) error {
	if req.GetName() == "" {
		return errors.New("no name") // want `the code Unknown: errors\.New has none.* \[status/plain-error\]$`
	}
	return nil
}

type generic struct {
	pb.UnimplementedOrderServiceServer
}

func (*generic) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if err := checkTagged(1, req); err != nil {
		return nil, err
	}
	return &pb.Order{}, nil
}
