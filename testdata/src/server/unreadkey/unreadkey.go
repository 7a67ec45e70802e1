// Package unreadkey serves RPCs whose requests have an idempotency token.
package unreadkey

import (
	"context"
	"errors"
	"log"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

type db interface {
	Insert(ctx context.Context, customer string, items []*orderpb.Item) error
	Pay(ctx context.Context, account string, units int64) error
}

type direct struct {
	orderpb.UnimplementedOrderServiceServer
	db db
}

func (s *direct) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) { // want `a repeated CreateOrder is carried out again: its handler never reads request_id, which tells it from a new one \[server/unread-key\]`
	order := req.GetOrder()
	if order.GetCustomer() == "" {
		return nil, status.Error(codes.InvalidArgument, "no customer")
	}
	if err := s.db.Insert(ctx, order.GetCustomer(), order.GetItems()); err != nil {
		return nil, status.Error(codes.Internal, "cannot store the order")
	}
	return order, nil
}

type logged struct {
	paypb.UnimplementedPaymentServiceServer
	db db
}

func (s *logged) Refund(ctx context.Context, req *paypb.RefundRequest) (*paypb.Payment, error) { // want `server/unread-key`
	log.Printf("refund %v", req)
	if err := s.db.Pay(ctx, req.GetPayment().GetAccount(), req.GetPayment().GetAmount().GetUnits()); err != nil {
		return nil, status.Error(codes.Internal, "cannot pay")
	}
	return req.GetPayment(), nil
}

type inMemory struct {
	orderpb.UnimplementedOrderServiceServer
	mu     sync.Mutex
	orders map[string]*orderpb.Order
}

func (s *inMemory) CreateOrder(_ context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) { // want `server/unread-key`
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders[req.Order.GetName()] = req.GetOrder()
	return req.GetOrder(), nil
}

type helped struct {
	orderpb.UnimplementedOrderServiceServer
	db db
}

func (s *helped) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) { // want `server/unread-key`
	if err := check(req); err != nil {
		return nil, err
	}
	return s.store(ctx, req)
}

func check(req *orderpb.CreateOrderRequest) error {
	if req == nil || req.GetOrder() == nil {
		return status.Error(codes.InvalidArgument, "no order")
	}
	return nil
}

func (s *helped) store(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if err := s.db.Insert(ctx, req.GetOrder().GetCustomer(), nil); err != nil {
		return nil, status.Error(codes.Internal, "cannot store the order")
	}
	return req.GetOrder(), nil
}

type inLiteral struct {
	orderpb.UnimplementedOrderServiceServer
	db db
}

func (s *inLiteral) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) { // want `server/unread-key`
	err := inTransaction(func() error {
		return s.db.Insert(ctx, req.GetOrder().GetCustomer(), req.GetOrder().GetItems())
	})
	if err != nil {
		return nil, status.Error(codes.Internal, "cannot store the order")
	}
	return req.GetOrder(), nil
}

func inTransaction(f func() error) error { return f() }

// From here on: silence.

// The RPC is safe.
type safe struct {
	paypb.UnimplementedPaymentServiceServer
}

func (safe) GetPayment(ctx context.Context, req *paypb.GetPaymentRequest) (*paypb.Payment, error) {
	if req.GetName() == "" {
		return nil, status.Error(codes.NotFound, "no payment")
	}
	return &paypb.Payment{Name: req.GetName()}, nil
}

// A request without a token.
type tokenless struct {
	paypb.UnimplementedPaymentServiceServer
	db db
}

func (s *tokenless) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	if err := s.db.Pay(ctx, req.GetAccount(), req.GetAmount().GetUnits()); err != nil {
		return nil, status.Error(codes.Internal, "cannot pay")
	}
	return &paypb.Payment{Account: req.GetAccount()}, nil
}

// Handed to somebody who is not known.
type handedOn struct {
	orderpb.UnimplementedOrderServiceServer
	store interface {
		Create(context.Context, *orderpb.CreateOrderRequest) (*orderpb.Order, error)
	}
}

func (s *handedOn) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	log.Print(req.GetOrder().GetName())
	return s.store.Create(ctx, req)
}

// Cloned, marshalled, kept.
type copied struct {
	orderpb.UnimplementedOrderServiceServer
	db   db
	last *orderpb.CreateOrderRequest
}

func (s *copied) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	s.last = req
	return s.insert(ctx, req.GetOrder())
}

func (s *copied) insert(ctx context.Context, order *orderpb.Order) (*orderpb.Order, error) {
	if err := s.db.Insert(ctx, order.GetCustomer(), nil); err != nil {
		return nil, status.Error(codes.Internal, "cannot store the order")
	}
	return order, nil
}

type marshalled struct {
	orderpb.UnimplementedOrderServiceServer
	log interface{ Append([]byte) }
}

func (s *marshalled) CreateOrder(_ context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	text, err := proto.Marshal(req)
	if err != nil {
		return nil, status.Error(codes.Internal, "cannot write the order")
	}
	s.log.Append(text)
	return req.GetOrder(), nil
}

type sent struct {
	orderpb.UnimplementedOrderServiceServer
	queue chan *orderpb.CreateOrderRequest
}

func (s *sent) CreateOrder(_ context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	s.queue <- req
	return req.GetOrder(), nil
}

// Nothing is carried out: a stub of what is to come.
type stub struct {
	orderpb.UnimplementedOrderServiceServer
}

func (stub) CreateOrder(_ context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{Name: req.GetOrder().GetName()}, nil
}

// What helps a stub carries nothing out either.
type helpedStub struct {
	orderpb.UnimplementedOrderServiceServer
}

func (helpedStub) CreateOrder(_ context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	words := map[string]string{"name": nameOf(req)}
	return &orderpb.Order{Name: words["name"]}, nil
}

func nameOf(req *orderpb.CreateOrderRequest) string { return req.GetOrder().GetName() }

type inserting struct {
	orderpb.UnimplementedOrderServiceServer
	db db
}

func (s *inserting) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) { // want `server/unread-key`
	return req.GetOrder(), s.insert(ctx, nameOf(req))
}

func (s *inserting) insert(ctx context.Context, name string) error {
	return s.db.Insert(ctx, name, nil)
}

type refusing struct {
	orderpb.UnimplementedOrderServiceServer
	db db
}

func (s *refusing) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if s.db == nil {
		return nil, errors.New("no database")
	}
	return nil, status.Error(codes.Unimplemented, "orders are read-only")
}

// Not a server: it has one method of one.
type client struct{ db db }

func (c *client) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if err := c.db.Insert(ctx, req.GetOrder().GetCustomer(), nil); err != nil {
		return nil, status.Error(codes.Internal, "cannot store the order")
	}
	return req.GetOrder(), nil
}
