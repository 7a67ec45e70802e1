package nilfield

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	"example.com/testdata/server/nilfield/check"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

// A function that gets the request as something else than the message that it
// is may look at all of it.

type byInterface struct {
	orderpb.UnimplementedOrderServiceServer
	paypb.UnimplementedPaymentServiceServer
	tenants map[string]bool
}

func (byInterface) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if _, err := check.Build(req, strings.ToUpper); err != nil {
		return nil, err
	}
	return &orderpb.Order{Name: req.Order.Name}, nil
}

func (byInterface) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	if err := complete(req); err != nil {
		return nil, err
	}
	return &orderpb.Order{Name: req.Order.Name}, nil
}

func complete[M proto.Message](m M) error {
	if order := m.ProtoReflect().Descriptor().Fields().ByName("order"); !m.ProtoReflect().Has(order) {
		return errMissing
	}
	return nil
}

func (byInterface) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	if check.AnyNilOrZero(req, req.Amount, req.GetCard()) {
		return nil, errMissing
	}
	return &paypb.Payment{Amount: &paypb.Money{Units: req.Amount.Units, Currency: req.GetCard().Number}}, nil
}

func (byInterface) Refund(ctx context.Context, req *paypb.RefundRequest) (*paypb.Payment, error) {
	rules := []func() bool{func() bool { return req.Payment != nil }}
	if !check.All(rules) {
		return nil, errMissing
	}
	return &paypb.Payment{Name: req.Payment.Name}, nil
}

// A value that holds the request.
type pending struct{ req *paypb.UpdateAccountRequest }

func (p pending) check() error {
	if p.req.Account == nil {
		return errMissing
	}
	return nil
}

func (byInterface) UpdateAccount(ctx context.Context, req *paypb.UpdateAccountRequest) (*paypb.Account, error) {
	if err := (pending{req}).check(); err != nil {
		return nil, err
	}
	return &paypb.Account{Name: req.Account.Name}, nil
}

type converted struct {
	orderpb.UnimplementedOrderServiceServer
	convert func(any) (string, bool)
}

func (c converted) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if text, _ := c.convert(req.GetOrder()); !strings.HasPrefix(text, "order") {
		return nil, errMissing
	}
	return &orderpb.Order{Name: req.Order.Name}, nil
}

func (c converted) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	var number int
	if _, err := fmt.Sscanf(req.GetOrder().GetName(), "orders/%d", &number); err != nil {
		return nil, err
	}
	return &orderpb.Order{Name: req.Order.Name}, nil
}

// orderOf knows the request whose name is parsed.
type orderOf struct{ req *orderpb.UpdateOrderRequest }

func (o orderOf) name() string { return o.req.GetOrder().GetName() }

type parsedByHolder struct {
	orderpb.UnimplementedOrderServiceServer
}

func (parsedByHolder) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	var number int
	if _, err := fmt.Sscanf(orderOf{req}.name(), "orders/%d", &number); err != nil {
		return nil, err
	}
	return &orderpb.Order{Name: req.Order.Name}, nil
}

// Encoding it is no look.
func (byInterface) SetLimit(ctx context.Context, req *paypb.SetLimitRequest) (*paypb.Account, error) {
	if _, err := json.Marshal(req); err != nil {
		return nil, err
	}
	return &paypb.Account{Limit: &paypb.Money{Units: req.Limit.Units}}, nil // want `a request without Limit makes the handler panic: req.Limit.Units is read`
}

// A parser that refuses the zero value which the getter of nil returns: what
// follows is not reached.

type byParsers struct {
	orderpb.UnimplementedOrderServiceServer
	paypb.UnimplementedPaymentServiceServer
	tenants map[string]bool
}

func (byParsers) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	order := req.GetOrder()
	name, err := check.ParseName(order.GetName())
	if err != nil {
		return nil, err
	}
	return &orderpb.Order{Name: name, Customer: order.Customer}, nil
}

func (s byParsers) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	if _, ok := s.tenants[req.GetOrder().GetCustomer()]; !ok {
		return nil, errMissing
	}
	return &orderpb.Order{Name: req.Order.Name}, nil
}

func (byParsers) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	if strings.TrimSpace(req.GetAmount().GetCurrency()) == "" {
		return nil, errMissing
	}
	if _, err := strconv.Atoi(strings.TrimSpace(string([]byte(req.GetCard().GetNumber())))); err != nil {
		return nil, err
	}
	return &paypb.Payment{Amount: &paypb.Money{Units: req.Amount.Units, Currency: req.GetCard().Number}}, nil
}

func (byParsers) Refund(ctx context.Context, req *paypb.RefundRequest) (*paypb.Payment, error) {
	if len(strings.Split(req.GetPayment().GetName(), "/")) != 2 {
		return nil, errMissing
	}
	var amount struct{ Units int64 }
	if err := json.Unmarshal([]byte(req.GetPayment().GetAmount().GetCurrency()), &amount); err != nil || req.Payment.Amount.Units != amount.Units {
		return nil, errMissing
	}
	return &paypb.Payment{Name: req.Payment.Name}, nil
}

// Nobody looks at what the parser says.
func (byParsers) SetLimit(ctx context.Context, req *paypb.SetLimitRequest) (*paypb.Account, error) {
	units, _ := strconv.Atoi(req.GetLimit().GetCurrency())
	return &paypb.Account{Limit: &paypb.Money{Units: int64(units), Currency: req.Limit.Currency}}, nil // want `a request without Limit makes the handler panic`
}

func (s byParsers) UpdateAccount(ctx context.Context, req *paypb.UpdateAccountRequest) (*paypb.Account, error) {
	if owner := "o"; req.GetAccount().GetName() != owner {
		return nil, errMissing
	}
	return &paypb.Account{Name: req.Account.Name}, nil
}

// What fails first hides what would fail after it.

type inTurn struct {
	orderpb.UnimplementedOrderServiceServer
}

func (s inTurn) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	first := &orderpb.Order{Name: req.Order.Name} // want `a request without Order makes the handler panic: req.Order.Name`
	second, third := s.copy(req.Order), s.either(req.Order)
	return &orderpb.Order{Name: first.Name + second.Name + third.Name + s.last(req.Order)}, nil
}

func (s inTurn) copy(o *orderpb.Order) *orderpb.Order { return &orderpb.Order{Name: o.Name} }

// The first read is in a literal that is called at once.
type inLiteral struct {
	orderpb.UnimplementedOrderServiceServer
}

func (s inLiteral) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	name := func() string { return req.Order.Name }() // want `a request without Order makes the handler panic: req.Order.Name`
	return &orderpb.Order{Name: name + s.copy(req.Order).Name}, nil
}

func (s inLiteral) copy(o *orderpb.Order) *orderpb.Order { return &orderpb.Order{Name: o.Name} }

// A literal that is only made reads nothing.
func (s inLiteral) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	name := func() string { return req.Order.Name } // want `a request without Order makes the handler panic: req.Order.Name`
	if s.UnimplementedOrderServiceServer == (orderpb.UnimplementedOrderServiceServer{}) {
		return &orderpb.Order{Name: name()}, nil
	}
	return s.other(req.Order), nil
}

func (s inLiteral) other(o *orderpb.Order) *orderpb.Order {
	return &orderpb.Order{Name: o.Name} // want `a request without Order makes the handler panic: o.Name`
}

// UpdateOrder reads nothing before either does.
func (s inTurn) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	name := s.either(req.Order).Name
	return &orderpb.Order{Name: name + s.last(req.Order)}, nil
}

func (s inTurn) either(o *orderpb.Order) *orderpb.Order {
	if s.UnimplementedOrderServiceServer == (orderpb.UnimplementedOrderServiceServer{}) {
		return &orderpb.Order{Name: o.Name} // want `a request without Order makes the handler panic: o.Name`
	}
	return &orderpb.Order{}
}

// either need not have read it.
func (s inTurn) last(o *orderpb.Order) string { return o.Name } // want `a request without Order makes the handler panic: o.Name`
