package api

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	orderv1 "example.com/testdata/shop/gen/order/v1"
)

const recentOrders = 200

// Recent is a copy of the newest orders, for the front page.
type Recent struct {
	client orderv1.OrderServiceClient
	orders atomic.Pointer[orderv1.ListOrdersResponse]
}

// NewRecent returns an empty copy, which Run fills.
func NewRecent(client orderv1.OrderServiceClient) *Recent {
	return &Recent{client: client}
}

// Orders returns the copy.
func (c *Recent) Orders() *orderv1.ListOrdersResponse {
	return c.orders.Load()
}

// Run renews the copy until ctx is done.
func (c *Recent) Run(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		c.refresh()
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (c *Recent) refresh() {
	resp, err := c.client.ListOrders(context.Background(), &orderv1.ListOrdersRequest{PageSize: recentOrders})
	if err != nil {
		slog.Warn("refresh recent orders", "err", err)
		return
	}
	c.orders.Store(resp)
}

// Show puts an order on the front page once it is paid.
func (c *Recent) Show(ctx context.Context, name string) {
	o, err := c.awaitPaid(ctx, name)
	if err != nil {
		slog.InfoContext(ctx, "await payment", "order", name, "err", err)
		return
	}
	shown := &orderv1.ListOrdersResponse{Orders: []*orderv1.Order{o}}
	if old := c.orders.Load(); old != nil {
		shown.Orders = append(shown.Orders, old.GetOrders()...)
	}
	c.orders.Store(shown)
}
