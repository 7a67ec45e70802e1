package unboundedmessage

import (
	"context"
	"math"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/proof"
	"example.com/testdata/stubs/orderpb"
)

// What the default refuses gets through, and into memory.
func TestUnbounded(t *testing.T) {
	orders := &proof.Orders{Get: func(_ context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
		return &orderpb.Order{}, nil
	}}
	large := &orderpb.GetOrderRequest{Name: strings.Repeat("x", 5<<20)}
	if _, err := proof.Serve(t, orders).GetOrder(t.Context(), large); status.Code(err) != codes.ResourceExhausted {
		t.Error(err)
	}
	if _, err := proof.Serve(t, orders, grpc.MaxRecvMsgSize(math.MaxInt32)).GetOrder(t.Context(), large); err != nil {
		t.Error(err)
	}
}
