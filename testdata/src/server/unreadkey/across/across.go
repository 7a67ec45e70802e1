// Package across has its requests stored by another package.
package across

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/server/unreadkey/helper"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

type handler struct {
	orderpb.UnimplementedOrderServiceServer
	db helper.DB
}

func (s *handler) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) { // want `a repeated CreateOrder is carried out again: its handler never reads request_id, which tells it from a new one \[server/unread-key\]`
	return helper.Store(ctx, s.db, req)
}

// From here on: silence.

type kept struct {
	orderpb.UnimplementedOrderServiceServer
	keep func(*orderpb.CreateOrderRequest)
}

func (s *kept) CreateOrder(_ context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	helper.Keep(s.keep, req)
	return req.GetOrder(), nil
}

type refunds struct {
	paypb.UnimplementedPaymentServiceServer
	seen map[string]*paypb.Payment
}

func (s *refunds) Refund(_ context.Context, req *paypb.RefundRequest) (*paypb.Payment, error) {
	if s.seen[helper.Key(req)] == nil {
		s.seen[helper.Key(req)] = req.GetPayment() // want `shared-state`
	}
	return req.GetPayment(), nil
}

// The package reads the token, hence so may whatever is around this one.
type others struct {
	paypb.UnimplementedPaymentServiceServer
	db helper.DB
}

func (s *others) Refund(ctx context.Context, req *paypb.RefundRequest) (*paypb.Payment, error) {
	if err := s.db.Insert(ctx, req.GetPayment().GetAccount()); err != nil {
		return nil, status.Error(codes.Internal, "cannot pay")
	}
	return req.GetPayment(), nil
}

// A stub, with the help of others.
type stub struct {
	orderpb.UnimplementedOrderServiceServer
}

func (stub) CreateOrder(_ context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{Customer: helper.Customer(req)}, nil
}
