// Package handler accepts what it knows by way of a use case only.
package handler

import (
	"context"

	"example.com/linked/programs/accepted/usecase"
	"example.com/testdata/stubs/orderpb"
)

type Handler struct {
	orderpb.UnimplementedOrderServiceServer
	UseCase *usecase.UseCase
}

func (h *Handler) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return h.UseCase.Get(ctx, req.GetName()) //grpclint:ignore status/plain-error the callers do not look at the code
}
