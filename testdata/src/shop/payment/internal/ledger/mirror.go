package ledger

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"google.golang.org/grpc"

	ledgerv1 "example.com/testdata/shop/gen/ledger/v1"
)

// mirrorTimeout is short: nobody should wait for the copy.
const mirrorTimeout = 500 * time.Millisecond

// Mirror gets a copy of every entry. A nil Mirror gets none.
type Mirror struct {
	conn *grpc.ClientConn
	stub ledgerv1.LedgerServiceClient
}

// OpenMirror connects to the mirror at addr.
func OpenMirror(addr string) (*Mirror, error) {
	conn, err := grpc.NewClient(addr, grpc.WithUserAgent("shop-payment"))
	if err != nil {
		return nil, fmt.Errorf("ledger mirror: %w", err)
	}
	return &Mirror{conn: conn, stub: ledgerv1.NewLedgerServiceClient(conn)}, nil
}

func (m *Mirror) append(ctx context.Context, req *ledgerv1.AppendEntryRequest) {
	if m == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, mirrorTimeout)
	defer cancel()
	if _, err := m.stub.AppendEntry(ctx, req); err != nil {
		slog.WarnContext(ctx, "mirror ledger entry", "payment", req.GetPayment(), "err", err)
	}
}

func (m *Mirror) close() {
	if m != nil {
		m.conn.Close()
	}
}
