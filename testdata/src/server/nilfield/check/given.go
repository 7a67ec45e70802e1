package check

import "example.com/testdata/stubs/orderpb"

// OrderOf returns the order, if there is one.
func OrderOf(req *orderpb.CreateOrderRequest) *orderpb.Order { return req.GetOrder() }

// MustOrder returns the order, which has to be there.
func MustOrder(req *orderpb.CreateOrderRequest) *orderpb.Order {
	if req.GetOrder() == nil {
		panic("no order")
	}
	return req.GetOrder()
}

// HasOrder reports whether there is an order.
func HasOrder(req *orderpb.CreateOrderRequest) bool { return req.GetOrder() != nil }
