// Package handler serves orders, and says when it can.
package handler

import (
	"context"

	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"example.com/testdata/stubs/orderpb"
)

// A Board is where states are put up.
type Board interface {
	SetServingStatus(service string, status healthpb.HealthCheckResponse_ServingStatus)
}

type Handler struct {
	orderpb.UnimplementedOrderServiceServer
	board Board
}

func New(board Board) *Handler { return &Handler{board: board} }

func (h *Handler) Ready() {
	h.board.SetServingStatus("payments", healthpb.HealthCheckResponse_SERVING)
}

func (h *Handler) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{Name: req.GetName()}, nil
}
