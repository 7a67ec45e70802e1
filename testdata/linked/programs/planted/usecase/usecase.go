// Package usecase knows neither where orders are kept nor who reserves goods.
package usecase

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
)

type Repo interface {
	Find(ctx context.Context, name string) (*orderpb.Order, error)
	Add(ctx context.Context, o *orderpb.Order) error
	Last() *orderpb.Order
}

type Stock interface {
	Reserve(ctx context.Context, name string) error
	Release(ctx context.Context, name string) error
	Ask(ctx context.Context, name string) error
}

type UseCase struct {
	repo  Repo
	stock Stock
}

func New(repo Repo, stock Stock) *UseCase { return &UseCase{repo, stock} }

func (u *UseCase) Get(ctx context.Context, name string) (*orderpb.Order, error) {
	return u.repo.Find(ctx, name)
}

func (u *UseCase) Create(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if err := u.repo.Add(ctx, req.GetOrder()); err != nil {
		return nil, fmt.Errorf("add: %v", err) // related "lost here"
	}
	return req.GetOrder(), nil
}

func (u *UseCase) Update(ctx context.Context, o *orderpb.Order) error {
	return u.stock.Reserve(ctx, o.GetName())
}

func (u *UseCase) Cancel(ctx context.Context, name string) error {
	var err error
	for range 3 {
		if err = u.stock.Ask(ctx, name); status.Code(err) != codes.Unavailable { // want "OrderService.GetOrder .Stock.Ask. is attempted up to 12 times: 3 by this loop × 4 by the loop in Ask"
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return err
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		return nil
	}
}

func (u *UseCase) Next() *orderpb.OrderEvent { return &orderpb.OrderEvent{Order: u.repo.Last()} }

// Sweep gives back what nobody has bought.
func (u *UseCase) Sweep(names []string) {
	for _, name := range names {
		u.stock.Release(context.Background(), name) // want "UpdateOrder can hang for ever: context.Background.. has no deadline"
	}
}
