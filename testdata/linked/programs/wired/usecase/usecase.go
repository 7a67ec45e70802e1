// Package usecase knows neither where orders are kept nor who reserves goods.
package usecase

import (
	"context"

	"example.com/testdata/stubs/orderpb"
)

type Repo interface {
	Find(ctx context.Context, name string) (*orderpb.Order, error)
}

type Stock interface {
	Reserve(ctx context.Context, name string) error
}

type UseCase struct {
	repo  Repo
	stock Stock
}

func New(repo Repo, stock Stock) *UseCase { return &UseCase{repo, stock} }

func (u *UseCase) Get(ctx context.Context, name string) (*orderpb.Order, error) {
	return u.repo.Find(ctx, name)
}

func (u *UseCase) Create(ctx context.Context, o *orderpb.Order) error {
	return u.stock.Reserve(ctx, o.GetName())
}
