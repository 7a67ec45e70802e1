// Package handler serves orders from where they are kept.
package handler

import (
	"context"

	"example.com/testdata/stubs/orderpb"
)

type Repo interface {
	Find(ctx context.Context, name string) (*orderpb.Order, error)
}

type Handler struct {
	orderpb.UnimplementedOrderServiceServer
	repo Repo
}

func New(repo Repo) *Handler { return &Handler{repo: repo} }

func (h *Handler) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return h.repo.Find(ctx, req.GetName()) // want "clients of GetOrder may get the code Unknown: fmt.Errorf has none"
}
