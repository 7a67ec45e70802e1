// Package warehouse talks to the warehouse of the logistics company.
package warehouse

import (
	"context"
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	orderv1 "example.com/testdata/shop/gen/order/v1"
	warehousev1 "example.com/testdata/shop/gen/warehouse/v1"
)

const (
	startTimeout = 30 * time.Second
	probeTimeout = 2 * time.Second
)

// Client calls one warehouse at a time. It is safe for concurrent use.
type Client struct {
	mu   sync.RWMutex
	conn *grpc.ClientConn
	stub warehousev1.WarehouseServiceClient
}

// Open connects to the warehouse at addr.
func Open(addr string) (*Client, error) {
	conn, err := grpc.NewClient(addr,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithBlock(),
	)
	if err != nil {
		return nil, fmt.Errorf("warehouse: %w", err)
	}
	return &Client{conn: conn, stub: warehousev1.NewWarehouseServiceClient(conn)}, nil
}

// Close closes the connection.
func (c *Client) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.conn.Close()
}

// Await returns when the warehouse answers for the first time.
func (c *Client) Await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	_, err := c.api().ListStock(ctx, &warehousev1.ListStockRequest{PageSize: 1}, grpc.WaitForReady(true))
	return err
}

// Reserve holds the goods of an order.
func (c *Client) Reserve(ctx context.Context, order string, items []*orderv1.Item) error {
	req := &warehousev1.ReserveStockRequest{Order: order}
	for _, it := range items {
		req.Items = append(req.Items, &warehousev1.Stock{Sku: it.GetSku(), Quantity: it.GetQuantity()})
	}
	_, err := c.api().ReserveStock(ctx, req)
	return err
}

// Release gives the goods of an order back.
func (c *Client) Release(ctx context.Context, order string) error {
	_, err := c.api().ReleaseStock(ctx, &warehousev1.ReleaseStockRequest{Order: order})
	return err
}

// Failover moves the client to the warehouse at addr, if that one answers.
func (c *Client) Failover(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("warehouse %s: %w", addr, err)
	}
	stub := warehousev1.NewWarehouseServiceClient(conn)

	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	if _, err := stub.ListStock(ctx, &warehousev1.ListStockRequest{PageSize: 1}); err != nil {
		return fmt.Errorf("warehouse %s: %w", addr, err)
	}

	c.mu.Lock()
	old := c.conn
	c.conn, c.stub = conn, stub
	c.mu.Unlock()
	return old.Close()
}

func (c *Client) api() warehousev1.WarehouseServiceClient {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.stub
}
