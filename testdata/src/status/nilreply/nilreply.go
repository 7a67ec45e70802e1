// Package nilreply has handlers that return nothing.
package nilreply

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/status/nilreply/next"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	orders map[string]*pb.Order
}

// Bad.

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, ok := s.orders[req.GetName()]
	if !ok {
		return nil, nil // want `the client gets an empty Order and OK: GetOrder returns neither a reply nor an error \[status/nil-reply\]`
	}
	return order, nil
}

func (s *server) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (resp *pb.ListOrdersResponse, err error) {
	switch {
	case req.GetPageSize() < 0:
		return nil, status.Error(codes.InvalidArgument, "negative page size")
	case len(s.orders) == 0:
		return nil, nil // want `the client gets an empty ListOrdersResponse and OK`
	}
	return &pb.ListOrdersResponse{}, nil
}

func (s *server) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	_ = req.GetRequestId()
	event, err := s.next(req)
	if err != nil {
		return nil, err
	}
	return event.GetOrder(), nil // want `the client gets an empty Order and OK where event\.GetOrder\(\) is nil: CreateOrder returns no error then`
}

// DeleteOrder is information: Empty is empty.
func (s *server) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	delete(s.orders, req.GetName()) // want `shared-state`
	return nil, nil                 // want info `the client gets an empty Empty and OK`
}

type third struct {
	pb.UnimplementedOrderServiceServer
	events []*pb.OrderEvent
	last   *pb.OrderEvent
}

func (s *third) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	event, err := next.Event(s.events)
	if err != nil {
		return nil, err
	}
	return event.GetOrder(), nil // want `where event\.GetOrder\(\) is nil: GetOrder returns no error then`
}

func (s *third) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	if req.GetRequestId() == "" {
		return next.Order(s.last), nil // want `where next\.Order\(s\.last\) is nil: CreateOrder returns no error then`
	}
	order := next.Order(s.last)
	if order == nil {
		return nil, status.Error(codes.NotFound, "no order")
	}
	return order, nil
}

func (s *third) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	if req.GetOrder() == nil {
		return s.last.GetOrder(), nil // want `where s\.last\.GetOrder\(\) is nil: UpdateOrder returns no error then`
	}
	if order := s.last.GetOrder(); order != nil {
		return order, nil
	}
	return (nil), nil // want `the client gets an empty Order and OK: UpdateOrder returns neither`
}

type fourth struct {
	pb.UnimplementedOrderServiceServer
	last *pb.OrderEvent
}

func (s *fourth) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (order *pb.Order, err error) {
	defer func() { s.count(err) }()
	if req.GetName() == "" {
		return nil, nil // want `GetOrder returns neither a reply nor an error`
	}
	order = orderOf(s.last)
	return order, nil // want `where order is nil: GetOrder returns no error then`
}

func orderOf(e *pb.OrderEvent) *pb.Order { return e.GetOrder() }

func (s *fourth) count(error) {}

// What nobody has written yet is one finding.
type fifth struct {
	pb.UnimplementedOrderServiceServer
}

func (s *fifth) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return nil, nil // want `clients get empty replies and OK: GetOrder and 2 more handlers return neither a reply nor an error`
}

func (s *fifth) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	// Some day.
	return nil, nil
}

func (s fifth) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	return nil, nil
}

func (s *fifth) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	//grpclint:ignore status/nil-reply the client asks for nothing
	return nil, nil
}

func (s *fifth) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	return nil, nil // want info `the client gets an empty Empty and OK`
}

// Silent.

func (s *fourth) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	_ = req.GetRequestId()
	order := orderOf(s.last)
	if err := valid(order); err != nil {
		return nil, err
	}
	return order, nil
}

func (s *fourth) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	return orderIn(req), nil // an echo
}

func orderIn(req *pb.UpdateOrderRequest) *pb.Order { return req.GetOrder() }

func valid(order *pb.Order) error {
	if order == nil {
		return status.Error(codes.NotFound, "no order")
	}
	return nil
}

func (s *server) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	find := func() (*pb.Order, error) {
		return nil, nil // no handler
	}
	if order, err := find(); order != nil || err != nil {
		return order, err
	}
	if req.GetOrder() == nil {
		return nil, status.Error(codes.InvalidArgument, "no order")
	}
	return req.GetOrder(), nil
}

func (s *server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	return nil
}

type second struct {
	pb.UnimplementedOrderServiceServer
	first *server
}

func (s *second) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if req.GetName() == "" {
		return nil, status.Error(codes.InvalidArgument, "no name")
	}
	return s.first.find(req.GetName()), nil
}

func (s *second) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	order := req.GetOrder()
	return order, nil // through a variable
}

func (s *second) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (s *second) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	return s.reply().GetList(), nil // no message of a generator's
}

func (s *second) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	return req.GetOrder(), nil // an echo
}

type reply struct{}

func (reply) GetList() *pb.ListOrdersResponse { return &pb.ListOrdersResponse{} }

func (s *second) reply() reply { return reply{} }

func (s *server) next(req *pb.CreateOrderRequest) (*pb.OrderEvent, error) {
	return &pb.OrderEvent{Order: req.GetOrder()}, nil
}

func (s *server) find(name string) *pb.Order { return s.orders[name] }

// GetOrder of a store is no handler: the store serves nothing.
func (s *store) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return nil, nil
}

type store struct{}

func helper(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) { return nil, nil }
