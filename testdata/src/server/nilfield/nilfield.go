// Package nilfield reads requests.
package nilfield

import (
	"context"
	"io"
	"sync"

	"google.golang.org/grpc"

	"example.com/testdata/server/nilfield/check"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

type orders struct {
	orderpb.UnimplementedOrderServiceServer
	seen  names
	valid validator
}

type validator interface{ Validate(any) error }

// names are those that handlers have seen, several at a time.
type names struct{ all *sync.Map }

func (n names) add(name string) { n.all.Store(name, true) }

func (s *orders) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	s.seen.add(req.Order.Name) // want `a request without Order makes the handler panic: req.Order.Name is read without a nil check \[server/nil-field\]`
	if req.Order.Customer == "" {
		return nil, io.EOF
	}
	return req.Order, nil
}

func (s *orders) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	mask := req.GetUpdateMask()
	for _, path := range mask.Paths { // want `a request without UpdateMask makes the handler panic: mask.Paths is read without a nil check`
		s.seen.add(path)
	}
	req.Order.Etag = "" // want `a request without Order makes the handler panic: req.Order.Etag is read`
	return req.Order, nil
}

func (s *orders) UploadOrders(stream orderpb.OrderService_UploadOrdersServer) error {
	for {
		req, err := stream.Recv()
		if err == io.EOF {
			return stream.SendAndClose(&orderpb.UploadOrdersResponse{})
		}
		if err != nil {
			return err
		}
		s.seen.add(req.Order.Name) // want `a request without Order makes the handler panic: req.Order.Name`
	}
}

type payments struct {
	paypb.UnimplementedPaymentServiceServer
	limit int64
}

func (p *payments) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	if total(req.Amount) > p.limit || req.GetCard().Number == "" { // want `a request without Card makes the handler panic: req.GetCard\(\).Number`
		return nil, io.EOF
	}
	switch source := req.Source.(type) {
	case *paypb.ChargeRequest_Card:
		if p.limit < int64(len(source.Card.Owner.Name)) { // want `a request without Owner makes the handler panic: source.Card.Owner.Name`
			return nil, io.EOF
		}
	}
	return &paypb.Payment{}, nil
}

func total(m *paypb.Money) int64 { return m.Units } // want `a request without Amount makes the handler panic: m.Units is read`

func (p *payments) Refund(ctx context.Context, req *paypb.RefundRequest) (*paypb.Payment, error) {
	_ = req.GetRequestId()
	run(func() {
		p.limit += req.Payment.Amount.Units // want `a request without Payment makes the handler panic: req.Payment.Amount`
	})
	return p.refund(req)
}

func run(f func()) {
	if f != nil {
		f()
	}
}

func (p *payments) refund(req *paypb.RefundRequest) (*paypb.Payment, error) {
	return &paypb.Payment{Name: req.Payment.Name}, nil // want `a request without Payment makes the handler panic: req.Payment.Name`
}

func (p *payments) SetLimit(ctx context.Context, req *paypb.SetLimitRequest) (*paypb.Account, error) {
	limit := *req.Limit // want `a request without Limit makes the handler panic: \*req.Limit is read`
	return &paypb.Account{Limit: &paypb.Money{Units: limit.Units}}, nil
}

func (p *payments) UpdateAccount(ctx context.Context, req *paypb.UpdateAccountRequest) (*paypb.Account, error) {
	if req.Account == nil {
		return nil, io.EOF
	}
	return &paypb.Account{Name: req.Account.Limit.Currency}, nil // want `a request without Limit makes the handler panic: req.Account.Limit.Currency`
}

func (p *payments) ImportPayments(stream grpc.ClientStreamingServer[paypb.ChargeRequest, paypb.ImportPaymentsResponse]) error {
	req, err := stream.Recv()
	if err != nil {
		return err
	}
	if req.Amount != nil && req.Amount.Units > 0 || p.limit > req.Amount.Units { // want `a request without Amount makes the handler panic: req.Amount.Units`
		return nil
	}
	return nil
}

type elsewhere struct {
	orderpb.UnimplementedOrderServiceServer
}

func (elsewhere) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if err := check.Log(req); err != nil {
		return nil, err
	}
	return &orderpb.Order{
		Customer: check.Customer(req.Order), // want `a request without Order makes the handler panic: check.Customer reads Order without a nil check`
	}, nil
}

type whole struct {
	orderpb.UnimplementedOrderServiceServer
}

func (whole) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{Name: check.CustomerOf(req)}, nil // want `a request without Order makes the handler panic: check.CustomerOf reads Order`
}

func (elsewhere) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{
		Name: req.GetOrder().Name, // want `a request without Order makes the handler panic: req.GetOrder\(\).Name`
		Etag: req.Order.Etag,
	}, nil
}
