// Package check looks at messages for others, or does not.
package check

import (
	"errors"
	"reflect"
	"strings"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
	"example.com/testdata/stubs/validpb"
)

// Order looks at an order.
func Order(o *orderpb.Order) error {
	if o == nil {
		return errors.New("no order")
	}
	return nil
}

// Request looks at the order in a request.
func Request(req *orderpb.CreateOrderRequest) error { return Order(req.Order) }

// Named asks for a name, which only an order that is there can have.
func Named(req *orderpb.CreateOrderRequest) bool { return req.GetOrder().GetName() != "" }

// Customer reads an order.
func Customer(o *orderpb.Order) string { return o.Customer }

// CustomerOf reads the order in a request.
func CustomerOf(req *orderpb.CreateOrderRequest) string { return req.Order.Customer }

// Units reads it if it is there.
func Units(m *paypb.Money) int64 { return m.GetUnits() }

// Default puts an order in.
func Default(req *orderpb.CreateOrderRequest) {
	if req.Order == nil {
		req.Order = &orderpb.Order{}
	}
}

// Log only looks at the name of the request.
func Log(req *orderpb.CreateOrderRequest) error {
	if req.RequestId == "" {
		return errors.New("no id")
	}
	return nil
}

// City reads an address that validators ask for.
func City(p *validpb.Parcel) string { return p.To.City }

// Build asks a request for its order.
func Build[C any](req interface{ GetOrder() *orderpb.Order }, build func(string) C) (C, error) {
	var none C
	if req.GetOrder() == nil {
		return none, errors.New("no order")
	}
	return build(req.GetOrder().Name), nil
}

// AnyNilOrZero looks at all that it gets.
func AnyNilOrZero(values ...any) bool {
	for _, v := range values {
		if v == nil || reflect.ValueOf(v).IsZero() {
			return true
		}
	}
	return false
}

// All asks each of the rules.
func All(rules []func() bool) bool {
	for _, rule := range rules {
		if !rule() {
			return false
		}
	}
	return true
}

// ParseName refuses what is no name.
func ParseName(name string) (string, error) {
	_, id, ok := strings.Cut(name, "/")
	if !ok {
		return "", errors.New("no name")
	}
	return id, nil
}

// Buyer and Seller read an order, too.
func Buyer(o *orderpb.Order) string { return o.Customer }

func Seller(o *orderpb.Order) string { return o.Customer }
