package plainerror

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/status/plainerror/pure"
	pb "example.com/testdata/stubs/orderpb"
)

// reader is what nobody can look into.
type reader interface {
	Read(ctx context.Context, name string) (*pb.Order, error)
}

type reading struct {
	pb.UnimplementedOrderServiceServer
	orders reader
}

var errGone = status.Error(codes.NotFound, "gone")

// Bad: whoever returned it, here it is the sentinel.

func (s *reading) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, err := s.orders.Read(ctx, req.GetName())
	if err == pure.ErrClosed {
		return nil, err // want `clients of GetOrder get the code Unknown: pure\.ErrClosed has none`
	}
	if err != nil {
		return nil, err
	}
	return order, nil
}

func (s *reading) read(ctx context.Context, name string) error {
	if _, err := s.orders.Read(ctx, name); !(err != pure.ErrClosed) {
		return err
	}
	return nil
}

func (s *reading) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if err := s.read(ctx, req.GetName()); err != nil {
		return nil, err // want `clients of DeleteOrder get the code Unknown: pure\.ErrClosed has none`
	}
	return &emptypb.Empty{}, nil
}

// Silent.

func (s *reading) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	_, err := s.orders.Read(ctx, req.GetPageToken())
	switch {
	case err == errGone: // has a code
		return nil, err
	case err != pure.ErrClosed && err != nil: // is anything else
		return nil, err
	case errors.Is(err, pure.ErrClosed): // may be a status that holds it
		return nil, err
	}
	if err == pure.ErrClosed || req.GetPageSize() == 1 {
		return nil, err // or nil
	}
	return &pb.ListOrdersResponse{}, nil
}

func (s *reading) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	order, err := s.orders.Read(ctx, req.GetOrder().GetName())
	if err == pure.ErrClosed {
		order, err = s.orders.Read(ctx, "default")
	}
	return order, err
}
