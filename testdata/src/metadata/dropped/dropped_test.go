package dropped

import (
	"context"
	"testing"

	"google.golang.org/grpc/metadata"

	"example.com/testdata/proof"
	pb "example.com/testdata/stubs/orderpb"
)

func TestDropped(t *testing.T) {
	var got []string
	c := proof.Serve(t, &proof.Orders{Get: func(ctx context.Context, _ *pb.GetOrderRequest) (*pb.Order, error) {
		got = metadata.ValueFromIncomingContext(ctx, "a")
		return &pb.Order{}, nil
	}})
	if statement(t.Context(), c); len(got) != 0 {
		t.Errorf("sent although dropped: %q", got)
	}
	if assigned(t.Context(), c); len(got) != 1 {
		t.Errorf("not sent: %q", got)
	}
}
