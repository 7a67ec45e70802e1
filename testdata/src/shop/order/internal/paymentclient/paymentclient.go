// Package paymentclient calls the payment service for the order service.
package paymentclient

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"

	orderv1 "example.com/testdata/shop/gen/order/v1"
	paymentv1 "example.com/testdata/shop/gen/payment/v1"
	"example.com/testdata/shop/internal/rpc"
)

const connectTimeout = 20 * time.Second

// Client is the payment service, in terms of orders.
type Client struct {
	paymentv1.PaymentServiceClient
	conn *grpc.ClientConn
}

// New connects to the payment service at addr. Timeouts and retries are those
// of the service config.
func New(ctx context.Context, addr, serviceConfig string) (*Client, error) {
	conn, err := rpc.Dial(addr, grpc.WithDefaultServiceConfig(serviceConfig))
	if err != nil {
		return nil, fmt.Errorf("payment service: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	if err := rpc.AwaitReady(ctx, conn); err != nil {
		conn.Close()
		return nil, fmt.Errorf("payment service: %w", err)
	}
	return &Client{PaymentServiceClient: paymentv1.NewPaymentServiceClient(conn), conn: conn}, nil
}

// Close closes the connection.
func (c *Client) Close() error { return c.conn.Close() }

// ChargeOrder takes the price of an order and returns the payment's name.
func (c *Client) ChargeOrder(ctx context.Context, o *orderv1.Order, requestID string) (string, error) {
	var total int64
	for _, it := range o.GetItems() {
		total += int64(it.GetQuantity()) * it.GetUnitPriceCents()
	}
	p, err := c.Charge(ctx, &paymentv1.ChargeRequest{
		Order:       o.GetName(),
		AmountCents: total,
		RequestId:   requestID,
	})
	if err != nil {
		return "", err
	}
	return p.GetName(), nil
}

// RefundOrder gives the price of an order back.
func (c *Client) RefundOrder(ctx context.Context, o *orderv1.Order, reason string) error {
	_, err := c.Refund(ctx, &paymentv1.RefundRequest{
		Name:      o.GetPayment(),
		Reason:    reason,
		RequestId: uuid.NewSHA1(uuid.NameSpaceOID, []byte("refund "+o.GetPayment())).String(),
	})
	return err
}
