// Package ledger writes payments into the book of the accounting department.
package ledger

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	ledgerv1 "example.com/testdata/shop/gen/ledger/v1"
	"example.com/testdata/shop/internal/rpc"
)

// deadlines bounds every call to the ledger.
var deadlines = rpc.Deadlines{Default: 3 * time.Second}

// Client is the ledger and, if there is one, its mirror.
type Client struct {
	conn   *grpc.ClientConn
	stub   ledgerv1.LedgerServiceClient
	mirror *Mirror
}

// Open connects to the ledger at addr and gives up after five seconds. The
// mirror may be nil.
func Open(ctx context.Context, addr string, mirror *Mirror) (*Client, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := grpc.DialContext(ctx, addr,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithChainUnaryInterceptor(deadlines.Unary),
	)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return &Client{conn: conn, stub: ledgerv1.NewLedgerServiceClient(conn), mirror: mirror}, nil
}

// Close closes the connections.
func (c *Client) Close() error {
	c.mirror.close()
	return c.conn.Close()
}

// Append writes an entry. The request id makes it safe to write it again.
func (c *Client) Append(ctx context.Context, payment string, cents int64, requestID string) error {
	req := &ledgerv1.AppendEntryRequest{Payment: payment, AmountCents: cents, RequestId: requestID}
	if _, err := c.stub.AppendEntry(ctx, req); err != nil {
		return err
	}
	c.mirror.append(ctx, req)
	return nil
}

// Annotate adds a note to an entry. A note that gets lost is no loss.
func (c *Client) Annotate(ctx context.Context, payment, note string) {
	ctx, cancel := context.WithTimeout(ctx, 5)
	defer cancel()
	if _, err := c.stub.AnnotateEntry(ctx, &ledgerv1.AnnotateEntryRequest{Payment: payment, Note: note}); err != nil {
		slog.InfoContext(ctx, "annotate ledger entry", "payment", payment, "err", err)
	}
}
