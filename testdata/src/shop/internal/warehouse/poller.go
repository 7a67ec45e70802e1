package warehouse

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	warehousev1 "example.com/testdata/shop/gen/warehouse/v1"
)

const (
	pollTimeout            = 5 * time.Second
	failuresBeforeFailover = 3
)

// Poller keeps a copy of the stock, so that nobody waits for the warehouse to
// learn that an article is sold out.
type Poller struct {
	client   *Client
	standby  string
	every    time.Duration
	failures int
	stock    atomic.Pointer[map[string]int32]
}

// NewPoller returns a poller that asks client, and moves it to the standby
// address when the warehouse keeps failing.
func NewPoller(client *Client, standby string, every time.Duration) *Poller {
	return &Poller{client: client, standby: standby, every: every}
}

// Run polls until ctx is done.
func (p *Poller) Run(ctx context.Context) {
	ticker := time.NewTicker(p.every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}

		pollCtx, cancel := context.WithTimeout(ctx, pollTimeout)
		defer cancel()
		resp, err := p.client.api().ListStock(pollCtx, &warehousev1.ListStockRequest{})
		if err != nil {
			p.failed(ctx, err)
			continue
		}
		p.failures = 0
		stock := make(map[string]int32)
		for _, s := range resp.GetStock() {
			stock[s.GetSku()] += s.GetQuantity()
		}
		p.stock.Store(&stock)
	}
}

// SoldOut reports whether the last poll found no piece of an article.
func (p *Poller) SoldOut(sku string) bool {
	stock := p.stock.Load()
	return stock != nil && (*stock)[sku] == 0
}

func (p *Poller) failed(ctx context.Context, err error) {
	p.failures++
	slog.WarnContext(ctx, "poll warehouse", "err", err, "failures", p.failures)
	if p.standby == "" || p.failures < failuresBeforeFailover {
		return
	}
	if err := p.client.Failover(ctx, p.standby); err != nil {
		slog.ErrorContext(ctx, "fail over", "err", err)
		return
	}
	slog.InfoContext(ctx, "failed over", "addr", p.standby)
	p.failures, p.standby = 0, ""
}
