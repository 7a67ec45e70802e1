// Package handler serves orders by way of a use case, which it does not know.
package handler

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
)

type UseCase interface {
	Get(ctx context.Context, name string) (*orderpb.Order, error)
	Create(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error)
	Update(ctx context.Context, o *orderpb.Order) error
	Cancel(ctx context.Context, name string) error
	Next() *orderpb.OrderEvent
}

type Handler struct {
	orderpb.UnimplementedOrderServiceServer
	uc UseCase
}

func New(uc UseCase) *Handler { return &Handler{uc: uc} }

func (h *Handler) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	o, err := h.uc.Get(ctx, req.GetName())
	if err != nil {
		return nil, err // want "clients of GetOrder may get the code Unknown: fmt.Errorf has none"
	}
	return o, nil
}

func (h *Handler) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) { // want "a repeated CreateOrder is carried out again: its handler never reads request_id"
	return h.uc.Create(ctx, req) // want "clients of CreateOrder get the code Unknown: the one of a status error is lost"
}

func (h *Handler) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	if err := h.uc.Update(ctx, req.GetOrder()); err != nil { // want "every request opens a new connection: .*UpdateOrder → .*Update → .*Reserve → grpc.NewClient"
		return nil, err // want "clients of UpdateOrder get the code that OrderService.GetOrder was given"
	}
	return req.GetOrder(), nil
}

func (h *Handler) ListOrders(ctx context.Context, req *orderpb.ListOrdersRequest) (*orderpb.ListOrdersResponse, error) {
	if err := h.uc.Cancel(ctx, req.GetPageToken()); err != nil {
		return nil, status.Error(codes.Internal, "out of order")
	}
	return &orderpb.ListOrdersResponse{}, nil
}

func (h *Handler) WatchOrders(req *orderpb.WatchOrdersRequest, stream grpc.ServerStreamingServer[orderpb.OrderEvent]) error {
	for {
		if err := stream.Send(h.uc.Next()); err != nil {
			return err
		}
	}
}
