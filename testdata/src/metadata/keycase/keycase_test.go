package keycase

import (
	"context"
	"testing"

	"google.golang.org/grpc/metadata"

	"example.com/testdata/proof"
	pb "example.com/testdata/stubs/orderpb"
)

func TestKeyCase(t *testing.T) {
	var upper, lowered []string
	c := proof.Serve(t, &proof.Orders{Get: func(ctx context.Context, _ *pb.GetOrderRequest) (*pb.Order, error) {
		upper, lowered = incoming(ctx), get(ctx)
		return &pb.Order{}, nil
	}})
	ctx := metadata.AppendToOutgoingContext(t.Context(), "X-Request-Id", "1")
	if _, err := c.GetOrder(ctx, &pb.GetOrderRequest{}); err != nil {
		t.Fatal(err)
	}
	if len(upper) != 0 || len(lowered) != 1 {
		t.Errorf("by the key in upper case: %q, by Get: %q", upper, lowered)
	}
}
