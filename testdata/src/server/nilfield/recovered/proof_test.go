package recovered

import (
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/testdata/proof"
	"example.com/testdata/server/nilfield/recovered/guard"
	"example.com/testdata/stubs/orderpb"
)

// The RPC fails and the server goes on.
func TestRecovers(t *testing.T) {
	client := proof.Serve(t, orders{}, grpc.ChainUnaryInterceptor(guard.Unary()))
	ctx := metadata.AppendToOutgoingContext(t.Context(), "customer", "a")
	for range 2 {
		if _, err := client.CreateOrder(ctx, &orderpb.CreateOrderRequest{}); status.Code(err) != codes.Internal {
			t.Error(err)
		}
	}
}
