// Package store keeps orders, knows of gRPC, and returns errors without
// codes.
package store

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// ErrNotFound has no code.
var ErrNotFound = errors.New("not found")

// ErrGone has one.
var ErrGone = status.Error(codes.NotFound, "gone")

// Get returns an error without a code.
func Get(ctx context.Context, name string) (*pb.Order, error) {
	if name == "" {
		return nil, fmt.Errorf("name is %q", name)
	}
	return &pb.Order{Name: name}, nil
}

// Find returns an error with one.
func Find(ctx context.Context, name string) (*pb.Order, error) {
	if name == "" {
		return nil, status.Error(codes.InvalidArgument, "no name")
	}
	return nil, ErrGone
}

// ToStatus gives every error a code.
func ToStatus(err error) error {
	if errors.Is(err, ErrNotFound) {
		return status.Error(codes.NotFound, err.Error())
	}
	return status.Error(codes.Internal, err.Error())
}

// Check wants an order.
func Check(order *pb.Order) error {
	if order == nil {
		return errors.New("no order")
	}
	return nil
}

// CheckDelete wants a request.
func CheckDelete(req *pb.DeleteOrderRequest) error {
	if req == nil {
		return errors.New("no request")
	}
	return nil
}
