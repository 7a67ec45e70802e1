// Package sweep gives the goods of orders back that nobody paid.
package sweep

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"example.com/testdata/shop/internal/warehouse"
	"example.com/testdata/shop/order/internal/store"
)

// Sweeper cancels unpaid orders.
type Sweeper struct {
	Orders    *store.Store
	Warehouse *warehouse.Client
	Every     time.Duration
	After     time.Duration // the age at which an unpaid order is cancelled
}

// Run sweeps until ctx is done.
func (s *Sweeper) Run(ctx context.Context) {
	ticker := time.NewTicker(s.Every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			s.sweep(now.Add(-s.After))
		}
	}
}

func (s *Sweeper) sweep(before time.Time) {
	for _, o := range s.Orders.Unpaid(before) {
		if _, err := s.Orders.Cancel(o.GetName(), o.GetEtag()); err != nil {
			if !errors.Is(err, store.ErrChanged) {
				slog.Warn("cancel unpaid order", "order", o.GetName(), "err", err)
			}
			continue
		}
		if err := s.Warehouse.Release(context.Background(), o.GetName()); err != nil {
			slog.Warn("release goods", "order", o.GetName(), "err", err)
		}
	}
}
