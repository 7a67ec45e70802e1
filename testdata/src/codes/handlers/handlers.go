// Package handlers returns errors of all kinds to its clients.
package handlers

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/codes/store"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

type server struct {
	orderpb.UnimplementedOrderServiceServer
	store    *store.Store
	payments paypb.PaymentServiceClient
	turn     chan struct{}
	policy   interface{ Code(error) codes.Code }
}

// New returns a server.
func New(s *store.Store, p paypb.PaymentServiceClient) orderpb.OrderServiceServer {
	return &server{store: s, payments: p}
}

// GetOrder hands on what another package makes.
func (s *server) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return s.store.Get(req.GetName())
}

// ListOrders returns no error.
func (s *server) ListOrders(ctx context.Context, req *orderpb.ListOrdersRequest) (*orderpb.ListOrdersResponse, error) {
	return &orderpb.ListOrdersResponse{}, nil
}

// CreateOrder mixes all.
func (s *server) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (_ *orderpb.Order, err error) {
	if req.GetRequestId() == "" {
		return nil, status.Error(codes.InvalidArgument, "request_id is required")
	}
	if err := s.store.Lock(ctx, s.turn); err != nil {
		return nil, err
	}
	if err := s.store.Put(req.GetOrder()); err != nil {
		return nil, fmt.Errorf("put: %w", err)
	}
	if _, err := s.payments.Refund(ctx, &paypb.RefundRequest{RequestId: req.GetRequestId()}); err != nil {
		return nil, err
	}
	if err := s.store.Query(ctx, req.GetOrder().GetName()); err != nil {
		return nil, store.ToStatus(err)
	}
	return req.GetOrder(), nil
}

// UpdateOrder cannot be followed: the code is computed, the error is stored.
func (s *server) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	if err := s.store.Query(ctx, req.GetOrder().GetName()); err != nil {
		return nil, status.Error(s.policy.Code(err), "query")
	}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return req.GetOrder(), nil
}

// DeleteOrder may panic.
func (s *server) DeleteOrder(ctx context.Context, req *orderpb.DeleteOrderRequest) (_ *emptypb.Empty, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = status.Errorf(codes.Internal, "panic: %v", r)
		}
	}()
	if req.GetName() == "" {
		return nil, errors.New("no name") // want `status/plain-error`
	}
	return &emptypb.Empty{}, nil
}

// UploadOrders receives and sends.
func (s *server) UploadOrders(stream grpc.ClientStreamingServer[orderpb.UploadOrdersRequest, orderpb.UploadOrdersResponse]) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	if first.GetOrder() == nil {
		return status.Error(codes.InvalidArgument, "no order")
	}
	return stream.SendAndClose(&orderpb.UploadOrdersResponse{Stored: 1})
}
