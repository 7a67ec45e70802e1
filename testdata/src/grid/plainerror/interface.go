package plainerror

import (
	"context"
	"errors"

	pb "example.com/testdata/stubs/orderpb"
)

type anyNames interface {
	check(req *pb.GetOrderRequest) error
}

type onlyNames struct{}

func (onlyNames) check(req *pb.GetOrderRequest) error {
	if req.GetName() == "" {
		return errors.New("no name") // want `the code Unknown: errors\.New has none.* \[status/plain-error\]$`
	}
	return nil
}

func newNames() anyNames { return onlyNames{} }

type wired struct {
	pb.UnimplementedOrderServiceServer
}

func (*wired) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if err := newNames().check(req); err != nil {
		return nil, err
	}
	return &pb.Order{}, nil
}
