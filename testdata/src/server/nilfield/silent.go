package nilfield

import (
	"context"
	"errors"
	"io"

	"example.com/testdata/server/nilfield/check"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

// What follows is right, or not known to be wrong.

var errMissing = errors.New("missing")

type checked struct {
	orderpb.UnimplementedOrderServiceServer
	valid validator
	seen  names
}

func (s *checked) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if req == nil || req.Order == nil {
		return nil, errMissing
	}
	s.seen.add(req.Order.Name)
	run(func() { s.seen.add(req.Order.Customer) })
	for _, item := range req.Order.Items {
		s.seen.add(item.Sku)
	}
	if len(req.Order.Items) > 1 {
		s.seen.add(req.Order.Items[1].Sku)
	}
	return req.Order, nil
}

func (s *checked) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	if req.GetOrder().GetName() == "" {
		return nil, errMissing
	}
	s.seen.add(req.Order.Name)
	if req.UpdateMask == nil {
		req.UpdateMask = mask()
	}
	for _, path := range req.UpdateMask.Paths {
		s.seen.add(path)
	}
	return req.Order, nil
}

func (s *checked) UploadOrders(stream orderpb.OrderService_UploadOrdersServer) error {
	for {
		req, err := stream.Recv()
		if err == io.EOF {
			return stream.SendAndClose(&orderpb.UploadOrdersResponse{})
		}
		if err != nil {
			return err
		}
		if has := req.Order != nil && req.Order.Name != ""; !has {
			continue
		}
		s.seen.add(req.Order.Name)
	}
}

type byFunctions struct {
	orderpb.UnimplementedOrderServiceServer
	valid validator
}

func (s *byFunctions) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if err := check.Request(req); err != nil {
		return nil, err
	}
	return &orderpb.Order{Name: req.Order.Name, Customer: check.CustomerOf(req)}, nil
}

func (s *byFunctions) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	if err := s.valid.Validate(req); err != nil {
		return nil, err
	}
	return &orderpb.Order{Name: req.Order.Name}, nil
}

type byOthers struct {
	orderpb.UnimplementedOrderServiceServer
}

func (byOthers) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	check.Default(req)
	if !check.Named(req) {
		return nil, errMissing
	}
	return &orderpb.Order{Name: req.Order.Name, Customer: own(req.GetOrder())}, nil
}

func own(o *orderpb.Order) string {
	if o == nil {
		return ""
	}
	return o.Customer
}

func (byOthers) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	if err := check.Order(req.Order); err != nil {
		return nil, err
	}
	return &orderpb.Order{Name: req.Order.Name, Etag: req.GetOrder().GetEtag()}, nil
}

type silentPayments struct {
	paypb.UnimplementedPaymentServiceServer
	stored *paypb.Account
	fill   func(*paypb.RefundRequest)
}

func (p *silentPayments) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	switch source := req.Source.(type) {
	case *paypb.ChargeRequest_Card:
		if source.Card.Number == "" || req.GetCard().Number == "" || check.Units(req.Amount) == 0 {
			return nil, errMissing
		}
	}
	return &paypb.Payment{Amount: req.Amount}, nil
}

func (p *silentPayments) Refund(ctx context.Context, req *paypb.RefundRequest) (*paypb.Payment, error) {
	p.fill(req)
	return &paypb.Payment{Name: req.Payment.Name}, nil
}

func (p *silentPayments) SetLimit(ctx context.Context, req *paypb.SetLimitRequest) (*paypb.Account, error) {
	account := &paypb.Account{Limit: req.Limit}
	if p.stored.Limit.Units > 0 {
		return p.stored, nil
	}
	return account, nil
}

func (p *silentPayments) UpdateAccount(ctx context.Context, req *paypb.UpdateAccountRequest) (*paypb.Account, error) {
	account := req.Account
	switch {
	case account == nil:
		return nil, errMissing
	case account.Limit.GetUnits() == 7:
		return &paypb.Account{Name: account.Limit.Currency}, nil
	}
	if account.State != paypb.Account_STATE_OPEN {
		return nil, errMissing
	}
	return account, nil
}

func (p *silentPayments) ListPayments(ctx context.Context, req *paypb.ListPaymentsRequest) (*paypb.ListPaymentsResponse, error) {
	return &paypb.ListPaymentsResponse{NextPageToken: req.PageToken + req.Account + wildcard(req)}, nil
}

// What is returned is no condition.
func wildcard(req *paypb.ListPaymentsRequest) string { return req.Account + ":*" }

// Not a handler: who calls it knows what it passes.
func helper(req *orderpb.CreateOrderRequest) string { return req.Order.Name }

func reply(ctx context.Context, c orderpb.OrderServiceClient) (string, error) {
	resp, err := c.ListOrders(ctx, &orderpb.ListOrdersRequest{})
	if err != nil {
		return "", err
	}
	return helper(&orderpb.CreateOrderRequest{Order: resp.Orders[0]}), nil
}
