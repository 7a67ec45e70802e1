package direction

import (
	"context"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/proof"
	pb "example.com/testdata/stubs/orderpb"
)

func TestDirection(t *testing.T) {
	var outgoing, incoming []string
	c := proof.Serve(t, &proof.Orders{Get: func(ctx context.Context, _ *pb.GetOrderRequest) (*pb.Order, error) {
		md, _ := metadata.FromOutgoingContext(ctx)
		outgoing, incoming = md.Get("authorization"), metadata.ValueFromIncomingContext(ctx, "authorization")
		ctx = metadata.AppendToOutgoingContext(ctx, "cache", "miss")
		return &pb.Order{}, grpc.SetHeader(ctx, metadata.Pairs("cache", "hit"))
	}})
	var header metadata.MD
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "token")
	if _, err := c.GetOrder(ctx, &pb.GetOrderRequest{}, grpc.Header(&header)); err != nil {
		t.Fatal(err)
	}
	if len(outgoing) != 0 || len(incoming) != 1 {
		t.Errorf("the handler finds %q in outgoing metadata, %q in incoming", outgoing, incoming)
	}
	if got := header.Get("cache"); len(got) != 1 || got[0] != "hit" {
		t.Errorf("the client gets %q", got)
	}
	if _, err := client(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if len(incoming) != 0 {
		t.Errorf("incoming metadata of a client arrives: %q", incoming)
	}
	if _, err := reply(c); err == nil {
		t.Error("a client's context has incoming metadata")
	}
}
