// Package unreachablecode has callers that wait for codes which no handler
// returns.
package unreachablecode

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	orders map[string]*pb.Order
	next   pb.OrderServiceClient
	check  func(*pb.Order) error
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) { // related "the handler"
	order := s.orders[req.GetName()]
	if order == nil {
		return nil, status.Error(codes.Internal, "no such order")
	}
	return order, ctx.Err()
}

// UpdateOrder hands on what GetOrder returns.
func (s *server) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) { // related "the handler"
	if _, err := s.next.GetOrder(ctx, &pb.GetOrderRequest{Name: req.GetOrder().GetName()}); err != nil {
		return nil, err
	}
	return nil, status.Error(codes.Aborted, "changed")
}

func (s *server) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	if s.orders[req.GetRequestId()] != nil {
		return nil, status.Error(codes.Aborted, "at work")
	}
	if err := s.check(req.GetOrder()); err != nil {
		return nil, err
	}
	return req.GetOrder(), nil
}

func (s *server) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if s.orders[req.GetName()] == nil {
		return nil, status.Error(codes.NotFound, "no such order")
	}
	return nil, status.Error(codes.Unavailable, "not now")
}

func get(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	order, err := c.GetOrder(ctx, &pb.GetOrderRequest{})
	if status.Code(err) == codes.NotFound { // want `this is never so: no handler of OrderService\.GetOrder returns codes\.NotFound`
		return &pb.Order{}, nil
	}
	return order, err
}

func getOther(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	order, err := c.GetOrder(ctx, &pb.GetOrderRequest{})
	if st := status.Convert(err); st.Code() != codes.FailedPrecondition { // want `this is never so: no handler of OrderService\.GetOrder returns codes\.FailedPrecondition`
		return order, err
	}
	return &pb.Order{}, nil
}

func choose(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	order, err := c.GetOrder(ctx, &pb.GetOrderRequest{})
	switch status.Code(err) {
	case codes.Unavailable, codes.AlreadyExists: // want `this is never so: no handler of OrderService\.GetOrder returns codes\.AlreadyExists`
		return nil, err
	case codes.OutOfRange: // want `this is never so: no handler of OrderService\.GetOrder returns codes\.OutOfRange`
		return &pb.Order{}, nil
	}
	return order, nil
}

func through(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	order, err := c.UpdateOrder(ctx, &pb.UpdateOrderRequest{})
	if st, ok := status.FromError(err); ok && st.Code() == codes.NotFound { // want `this is never so: no handler of OrderService\.UpdateOrder returns codes\.NotFound`
		return &pb.Order{}, nil
	}
	return order, err
}

func isGone(err error) bool { return status.Code(err) == codes.DataLoss }

func byFetch(ctx context.Context, c pb.OrderServiceClient) bool {
	_, err := fetch(ctx, c)
	return codes.Aborted == status.Code(err) // want `this is never so: no handler of OrderService\.GetOrder returns codes\.Aborted`
}

func fetch(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	return c.GetOrder(ctx, &pb.GetOrderRequest{})
}

// Silent.

// ofLibrary: gRPC makes these by itself, or interceptors do.
func ofLibrary(ctx context.Context, c pb.OrderServiceClient) bool {
	_, err := c.GetOrder(ctx, &pb.GetOrderRequest{})
	switch status.Code(err) {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.Unknown, codes.ResourceExhausted, codes.Unimplemented,
		codes.Unauthenticated, codes.PermissionDenied, codes.InvalidArgument, codes.OK:
		return true
	}
	return false
}

func returned(ctx context.Context, c pb.OrderServiceClient) bool {
	_, err := c.GetOrder(ctx, &pb.GetOrderRequest{})
	return status.Code(err) == codes.Internal
}

func aborted(ctx context.Context, c pb.OrderServiceClient) bool {
	_, err := c.UpdateOrder(ctx, &pb.UpdateOrderRequest{})
	return status.Code(err) == codes.Aborted
}

// created: what check returns, nobody knows.
func created(ctx context.Context, c pb.OrderServiceClient) bool {
	_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{})
	return status.Code(err) == codes.AlreadyExists
}

func deleted(ctx context.Context, c pb.OrderServiceClient) bool {
	_, err := c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
	return status.Code(err) == codes.NotFound
}

// listed: the handler only says that there is none.
func listed(ctx context.Context, c pb.OrderServiceClient) bool {
	_, err := c.ListOrders(ctx, &pb.ListOrdersRequest{})
	return status.Code(err) == codes.NotFound
}

// either may be of a method that returns it.
func either(ctx context.Context, c pb.OrderServiceClient, remove bool) bool {
	_, err := c.GetOrder(ctx, &pb.GetOrderRequest{})
	if remove {
		_, err = c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
	}
	return status.Code(err) == codes.NotFound
}

// gone asks of any error.
func gone(err error) bool { return isGone(err) || status.Code(err) == codes.NotFound }

func meant(ctx context.Context, c pb.OrderServiceClient) bool {
	_, err := c.GetOrder(ctx, &pb.GetOrderRequest{})
	//grpclint:ignore status/unreachable-code the next version of the server returns it
	return status.Code(err) == codes.NotFound
}
