package plainerror

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/status/plainerror/attempts"
	pb "example.com/testdata/stubs/orderpb"
)

// helped runs its checks by helpers of another package.
type helped struct {
	pb.UnimplementedOrderServiceServer
	name string
}

func (h *helped) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	err := attempts.Do(ctx, func(context.Context) error {
		return errors.New("no name") // want `the code Unknown: errors\.New has none.* \[status/plain-error\]$`
	})
	return nil, err
}

func (h *helped) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	return attempts.Get(func() (*pb.Order, error) {
		return nil, errors.New("no order") // want `the code Unknown: errors\.New has none.* \[status/plain-error\]$`
	})
}

func (h *helped) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if err := attempts.Nested(ctx, h.check); err != nil {
		return nil, err
	}
	return &emptypb.Empty{}, nil
}

func (h *helped) check() error {
	return errors.New("no name") // want `the code Unknown: errors\.New has none.* \[status/plain-error\]$`
}

// helpedCoded returns errors that have codes, through the same helpers.
type helpedCoded struct {
	pb.UnimplementedOrderServiceServer
}

func (*helpedCoded) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return attempts.Get(func() (*pb.Order, error) { return nil, status.Error(codes.NotFound, "no order") })
}

func (*helpedCoded) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if err := attempts.Nested(ctx, func() error { return errors.New("not handed out") }); err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &emptypb.Empty{}, nil
}
