// Package server implements the payment service.
package server

import (
	"context"
	"log/slog"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	paymentv1 "example.com/testdata/shop/gen/payment/v1"
	"example.com/testdata/shop/payment/internal/ledger"
)

// Server is the payment service.
type Server struct {
	paymentv1.UnimplementedPaymentServiceServer

	ledger *ledger.Client

	mu       sync.Mutex
	payments map[string]*paymentv1.Payment
	refunds  map[string]string // from the request id to the payment
	unbooked []entry
}

// entry is a movement of money that is not in the ledger yet.
type entry struct {
	payment, requestID string
	cents              int64
}

// New returns the payment service.
func New(l *ledger.Client) *Server {
	return &Server{
		ledger:   l,
		payments: make(map[string]*paymentv1.Payment),
		refunds:  make(map[string]string),
	}
}

// Charge takes an amount.
func (s *Server) Charge(_ context.Context, req *paymentv1.ChargeRequest) (*paymentv1.Payment, error) {
	if req.GetRequestId() == "" {
		return nil, status.Error(codes.InvalidArgument, "request_id is required")
	}
	if req.GetAmountCents() <= 0 {
		return nil, status.Error(codes.InvalidArgument, "the amount must be positive")
	}
	name := "payments/" + req.GetRequestId()

	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.payments[name]; ok {
		return proto.CloneOf(p), nil
	}
	p := &paymentv1.Payment{
		Name:        name,
		Order:       req.GetOrder(),
		AmountCents: req.GetAmountCents(),
		State:       paymentv1.Payment_STATE_CHARGED,
	}
	s.payments[name] = p
	s.unbooked = append(s.unbooked, entry{payment: name, requestID: req.GetRequestId(), cents: p.GetAmountCents()})
	return proto.CloneOf(p), nil
}

// Refund gives a payment back.
func (s *Server) Refund(ctx context.Context, req *paymentv1.RefundRequest) (*paymentv1.Payment, error) {
	if req.GetRequestId() == "" {
		return nil, status.Error(codes.InvalidArgument, "request_id is required")
	}
	p, err := s.refund(req.GetName(), req.GetRequestId())
	if err != nil {
		return nil, err
	}
	slog.InfoContext(ctx, "refund", "payment", p.GetName(), "operator", operator(ctx))
	if req.GetReason() != "" {
		s.ledger.Annotate(ctx, p.GetName(), req.GetReason())
	}
	return p, nil
}

// GetPayment returns one payment.
func (s *Server) GetPayment(_ context.Context, req *paymentv1.GetPaymentRequest) (*paymentv1.Payment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.payments[req.GetName()]
	if !ok {
		return nil, status.Errorf(codes.NotFound, "no payment %q", req.GetName())
	}
	return proto.CloneOf(p), nil
}

func (s *Server) refund(name, requestID string) (*paymentv1.Payment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.payments[name]
	if !ok {
		return nil, status.Errorf(codes.NotFound, "no payment %q", name)
	}
	if s.refunds[requestID] == name {
		return proto.CloneOf(p), nil
	}
	if p.GetState() != paymentv1.Payment_STATE_CHARGED {
		return nil, status.Errorf(codes.FailedPrecondition, "%s is not charged", name)
	}
	p.State = paymentv1.Payment_STATE_REFUNDED
	s.refunds[requestID] = name
	s.unbooked = append(s.unbooked, entry{payment: name, requestID: requestID, cents: -p.GetAmountCents()})
	return proto.CloneOf(p), nil
}
