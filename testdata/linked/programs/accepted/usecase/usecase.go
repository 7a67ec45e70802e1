// Package usecase does not know where orders are kept.
package usecase

import (
	"context"

	"example.com/testdata/stubs/orderpb"
)

type Repo interface {
	Find(ctx context.Context, name string) (*orderpb.Order, error)
}

type UseCase struct{ Repo Repo }

func (u *UseCase) Get(ctx context.Context, name string) (*orderpb.Order, error) {
	return u.find(ctx, name)
}

func (u *UseCase) find(ctx context.Context, name string) (*orderpb.Order, error) {
	return u.Repo.Find(ctx, name)
}
