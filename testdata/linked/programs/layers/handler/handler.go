// Package handler serves orders by way of a use case.
package handler

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/linked/programs/layers/entity"
	"example.com/testdata/stubs/orderpb"
)

type UseCase interface {
	Get(ctx context.Context, name string) (*entity.Order, error)
	Create(ctx context.Context, o *entity.Order) error
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
	return &orderpb.Order{Name: o.Name}, nil
}

func (h *Handler) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	if err := h.uc.Create(ctx, &entity.Order{Name: req.GetOrder().GetName()}); err != nil { // want "every request opens a new connection: .*UpdateOrder → .*Create → .*Reserve → grpc.NewClient"
		return nil, status.Error(codes.Unavailable, "no stock")
	}
	return req.GetOrder(), nil
}
