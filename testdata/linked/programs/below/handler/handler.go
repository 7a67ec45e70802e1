// Package handler serves orders by way of a use case, which it knows.
package handler

import (
	"context"

	"example.com/linked/programs/below/usecase"
	"example.com/testdata/stubs/orderpb"
)

type Handler struct {
	orderpb.UnimplementedOrderServiceServer
	UseCase *usecase.UseCase
}

func (h *Handler) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return h.UseCase.Get(ctx, req.GetName()) // want "clients of GetOrder may get the code Unknown: fmt.Errorf has none"
}
