package droppedcontext

import (
	"context"
	"testing"

	"google.golang.org/grpc"

	"example.com/testdata/proof"
	"example.com/testdata/server/droppedcontext/user"
	"example.com/testdata/stubs/orderpb"
)

func TestDropped(t *testing.T) {
	got := ""
	orders := &proof.Orders{Get: func(ctx context.Context, _ *orderpb.GetOrderRequest) (*orderpb.Order, error) {
		got = user.Of(ctx)
		return &orderpb.Order{}, nil
	}}
	for _, test := range []struct {
		interceptor grpc.UnaryServerInterceptor
		want        string
	}{{elsewhere, ""}, {chosen, "a"}} {
		got = ""
		if _, err := proof.Serve(t, orders, grpc.UnaryInterceptor(test.interceptor)).GetOrder(t.Context(), &orderpb.GetOrderRequest{}); err != nil || got != test.want {
			t.Errorf("%q, want %q, %v", got, test.want, err)
		}
	}
}
