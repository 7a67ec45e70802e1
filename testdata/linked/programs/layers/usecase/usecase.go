// Package usecase knows nothing of gRPC: where orders are kept and who reserves
// goods is decided elsewhere.
package usecase

import (
	"context"
	"time"

	"example.com/linked/programs/layers/entity"
)

type Repo interface {
	Find(ctx context.Context, name string) (*entity.Order, error)
	Keep(ctx context.Context, o *entity.Order) error
}

type Stock interface {
	Reserve(ctx context.Context, name string) error
	Release(ctx context.Context, name string) error
}

type UseCase struct {
	repo  Repo
	stock Stock
}

func New(repo Repo, stock Stock) *UseCase { return &UseCase{repo, stock} }

func (u *UseCase) Get(ctx context.Context, name string) (*entity.Order, error) {
	return u.repo.Find(ctx, name)
}

func (u *UseCase) Create(ctx context.Context, o *entity.Order) error {
	if err := u.stock.Reserve(ctx, o.Name); err != nil {
		return err
	}
	return u.repo.Keep(ctx, o)
}

// Sweep gives back what nobody has bought.
func (u *UseCase) Sweep(names []string) {
	for _, name := range names {
		u.stock.Release(context.Background(), name) // want "UpdateOrder can hang for ever: context.Background.. has no deadline"
	}
}

// SweepSoon does the same, and does not wait for long.
func (u *UseCase) SweepSoon(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return u.stock.Release(ctx, name)
}
