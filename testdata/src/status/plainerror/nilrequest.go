package plainerror

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/status/plainerror/store"
	pb "example.com/testdata/stubs/orderpb"
)

// cautious looks for what gRPC never gives it: no request, no context, no
// stream.
type cautious struct {
	pb.UnimplementedOrderServiceServer
	orders map[string]*pb.Order
}

func (s *cautious) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if req == nil {
		return nil, fmt.Errorf("no request")
	}
	if ctx == nil {
		return nil, errors.New("no context")
	}
	if s.orders == nil {
		return nil, errors.New("no orders") // want `clients of GetOrder get the code Unknown: errors\.New has none`
	}
	return &pb.Order{}, nil
}

func (s *cautious) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) (err error) {
	if nil == stream {
		err = errors.New("no stream")
	}
	return err
}

func (s *cautious) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	if err := check(req); err != nil {
		return nil, err
	}
	if err := store.Check(req.GetOrder()); err != nil {
		return nil, err // want `clients of UpdateOrder may get the code Unknown: errors\.New has none`
	}
	return s.update(req.GetOrder())
}

func check(req *pb.UpdateOrderRequest) error {
	if req == nil {
		return errors.New("no request")
	}
	return nil
}

func (s *cautious) update(order *pb.Order) (*pb.Order, error) {
	if order == nil {
		return nil, errors.New("no order") // want `clients of UpdateOrder may get the code Unknown: errors\.New has none`
	}
	return order, nil
}

func (s *cautious) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if err := store.CheckDelete(req); err != nil {
		return nil, err
	}
	return &emptypb.Empty{}, nil
}

func (s *cautious) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	_ = req.GetRequestId()
	checked := func() error { return (request{req}).check() }
	if err := checked(); err != nil {
		return nil, err
	}
	return &pb.Order{}, nil
}

type request struct{ create *pb.CreateOrderRequest }

func (r request) check() error { return checkCreate(r.create) }

func checkCreate(req *pb.CreateOrderRequest) error {
	if req == nil {
		return errors.New("no request")
	}
	return nil
}
