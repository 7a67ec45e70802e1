// Package precondition answers concurrent changes.
package precondition

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	orders map[string]*pb.Order
}

// Bad.

func (s *server) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	stored := s.orders[req.GetOrder().GetName()]
	if req.GetOrder().GetEtag() != stored.GetEtag() {
		return nil, status.Error(codes.FailedPrecondition, "stale") // want `clients do not read again and retry: a stale etag is answered with FailedPrecondition instead of Aborted \[status/precondition\]`
	}
	return stored, nil
}

func (s *server) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	stored := s.orders[req.Name]
	if req.Etag != "" && req.Etag != stored.Etag {
		return nil, status.Errorf(codes.FailedPrecondition, "order %s has changed", req.Name) // want `a stale etag is answered with FailedPrecondition`
	}
	if stored.State != pb.Order_STATE_OPEN {
		return nil, status.Error(codes.Aborted, "order is paid") // want `clients retry in vain: a resource in the wrong state is answered with Aborted instead of FailedPrecondition`
	}
	return &emptypb.Empty{}, nil
}

type record struct{ Version int64 }

func (s *server) swap(old, current record) error {
	if old.Version != current.Version {
		return status.Error(codes.FailedPrecondition, "version differs") // want `a stale version is answered with FailedPrecondition`
	}
	return nil
}

func (s *server) replace(req *pb.UpdateOrderRequest, etag string) (*pb.Order, error) {
	if req.GetOrder().GetEtag() != etag {
		return nil, status.Error(codes.FailedPrecondition, "etag") // want `a stale etag is answered with FailedPrecondition`
	}
	return req.GetOrder(), nil
}

func cancel(o *pb.Order) error {
	if o.GetState() != pb.Order_STATE_OPEN {
		return status.Errorf(codes.Aborted, "%s cannot be cancelled", o.GetName()) // want `a resource in the wrong state is answered with Aborted`
	}
	return nil
}

// Silent.

func (s *server) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	stored := s.orders[req.GetOrder().GetName()]
	switch {
	case stored == nil:
		return nil, status.Error(codes.FailedPrecondition, "no order")
	}
	if req.GetOrder().GetEtag() != stored.GetEtag() {
		return nil, status.Error(codes.Aborted, "stale")
	}
	if stored.State != pb.Order_STATE_OPEN {
		return nil, status.Error(codes.FailedPrecondition, "order is paid")
	}
	if req.GetOrder().GetEtag() != "" {
		return nil, status.Error(codes.FailedPrecondition, "an etag is not wanted here")
	}
	if req.GetOrder().GetCustomer() != stored.GetCustomer() {
		return nil, status.Error(codes.FailedPrecondition, "another customer")
	}
	return stored, nil
}

var errConflict = errors.New("conflict")

func transaction(err error) error {
	if err != errConflict {
		return status.Error(codes.Aborted, "transaction")
	}
	return status.Error(codes.FailedPrecondition, "locked")
}

type job struct{ State string }

func (s *server) run(j job) error {
	if j.State != "ready" {
		return status.Error(codes.Aborted, "not ready") // no enum of a message
	}
	return nil
}
