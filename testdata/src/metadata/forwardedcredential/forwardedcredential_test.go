package forwardedcredential

import (
	"context"
	"testing"

	"google.golang.org/grpc/metadata"

	"example.com/testdata/proof"
	pb "example.com/testdata/stubs/orderpb"
)

func TestForwardedCredential(t *testing.T) {
	var got []string
	behind := proof.Serve(t, &proof.Orders{Get: func(ctx context.Context, _ *pb.GetOrderRequest) (*pb.Order, error) {
		got = metadata.ValueFromIncomingContext(ctx, "authorization")
		return &pb.Order{}, nil
	}})
	forward := copied
	front := proof.Serve(t, &proof.Orders{Get: func(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
		return behind.GetOrder(forward(ctx), req)
	}})
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer secret")
	for _, test := range []struct {
		name    string
		forward func(context.Context) context.Context
		sent    int
	}{{"copied", copied, 1}, {"one key", oneKey, 0}, {"without", without, 0}} {
		forward = test.forward
		if _, err := front.GetOrder(ctx, &pb.GetOrderRequest{}); err != nil {
			t.Fatal(err)
		}
		if len(got) != test.sent {
			t.Errorf("%s: the service behind got %q", test.name, got)
		}
	}
}
