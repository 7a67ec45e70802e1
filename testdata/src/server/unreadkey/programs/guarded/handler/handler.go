// Package handler leaves it to an interceptor to find repeated requests.
package handler

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
)

// A DB stores.
type DB interface {
	Insert(ctx context.Context, customer string) error
}

// Server serves orders.
type Server struct {
	orderpb.UnimplementedOrderServiceServer
	DB DB
}

// CreateOrder stores one; the server around answers repeated requests.
func (s *Server) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if err := s.DB.Insert(ctx, req.GetOrder().GetCustomer()); err != nil {
		return nil, status.Error(codes.Internal, "cannot store the order")
	}
	return req.GetOrder(), nil
}
