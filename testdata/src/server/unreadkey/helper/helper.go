// Package helper stores orders for the handlers of other packages.
package helper

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

// A DB stores.
type DB interface {
	Insert(ctx context.Context, customer string) error
}

// Store never looks at the token.
func Store(ctx context.Context, db DB, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if err := db.Insert(ctx, req.GetOrder().GetCustomer()); err != nil {
		return nil, status.Error(codes.Internal, "cannot store the order")
	}
	return req.GetOrder(), nil
}

// Keep gives the request to somebody who is not known.
func Keep(keep func(*orderpb.CreateOrderRequest), req *orderpb.CreateOrderRequest) { keep(req) }

// Key reads the token of a refund.
func Key(req *paypb.RefundRequest) string { return req.GetRequestId() }

// Customer carries nothing out.
func Customer(req *orderpb.CreateOrderRequest) string { return req.GetOrder().GetCustomer() }
