// Package okerror returns errors that are none.
package okerror

import (
	"context"
	"errors"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	orders map[string]*pb.Order
}

// Bad.

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if s.orders[req.GetName()] == nil {
		return nil, status.Error(codes.OK, "no such order") // want `no error is returned: status\.Error\(codes\.OK, \.\.\.\) is nil \[status/ok-error\]`
	}
	return s.orders[req.GetName()], nil
}

func (s *server) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	return nil, status.Errorf(codes.OK, "order %s is there", req.GetOrder().GetName()) // want `status\.Errorf\(codes\.OK, \.\.\.\) is nil`
}

func (s *server) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	return nil, status.New(codes.OK, "later").Err() // want `status\.New\(codes\.OK, \.\.\.\) is nil`
}

const fine = codes.OK

func helper() error {
	if err := work(); err != nil {
		return status.Error(fine, err.Error()) // want `status\.Error\(fine, \.\.\.\) is nil`
	}
	return nil
}

func zero() (*pb.Order, error) {
	return nil, status.Error(0, "zero") // want `status\.Error\(0, \.\.\.\) is nil`
}

// roundabout is information: it does what its author wants.
func (s *server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	return status.Error(codes.OK, "done") // want info `is nil`
}

func (s *server) DeleteOrder2(req *pb.GetOrderRequest) (*pb.Order, error) {
	return &pb.Order{}, status.Error(codes.OK, "deleted") // want info `is nil`
}

// Silent.

func missing() error { return status.Error(codes.NotFound, "missing") }

func given(code codes.Code) error { return status.Error(code, "given") }

func ofCall() error { return status.Error(status.Code(work()), "of a call") }

func batch() []*spb.Status {
	return []*spb.Status{status.New(codes.OK, "stored").Proto()}
}

func kept() *status.Status { return status.New(codes.OK, "") }

func compared(err error) bool { return status.Code(err) == codes.OK }

func work() error { return errors.New("work") }

type other struct{}

func (other) Error(code codes.Code, text string) error { return errors.New(text) }

func ofOther() error { return other{}.Error(codes.OK, "another Error") }

func function() error {
	make := status.Error
	return make(codes.OK, "through a variable: not followed")
}
