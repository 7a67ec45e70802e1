// Package handler serves orders by way of a use case, which it does not know.
package handler

import (
	"context"

	"example.com/testdata/stubs/orderpb"
)

type UseCase interface {
	Get(ctx context.Context, name string) (*orderpb.Order, error)
	Create(ctx context.Context, o *orderpb.Order) error
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

func (h *Handler) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	if err := h.uc.Create(ctx, req.GetOrder()); err != nil { // want "every request opens a new connection: .*UpdateOrder → .*Create → .*Reserve → grpc.NewClient"
		return nil, err // want "clients of UpdateOrder get the code that OrderService.GetOrder was given"
	}
	return req.GetOrder(), nil
}
