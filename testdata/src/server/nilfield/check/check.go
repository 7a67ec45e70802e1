// Package check looks at messages for others, or does not.
package check

import (
	"errors"

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
