package reserved

import (
	"context"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"

	"example.com/testdata/proof"
	pb "example.com/testdata/stubs/orderpb"
)

func TestReserved(t *testing.T) {
	var got metadata.MD
	c := proof.Serve(t, &proof.Orders{Get: func(ctx context.Context, _ *pb.GetOrderRequest) (*pb.Order, error) {
		got, _ = metadata.FromIncomingContext(ctx)
		return &pb.Order{}, nil
	}})
	call := func(ctx context.Context) {
		if _, err := c.GetOrder(ctx, &pb.GetOrderRequest{}); err != nil {
			t.Fatal(err)
		}
	}
	call(agent(ownKey(timeout(t.Context()))))
	if agents := got.Get("user-agent"); slices.Contains(agents, "shop/1.0") || !strings.HasPrefix(agents[0], "grpc-go/") {
		t.Errorf("user-agent: %q", agents)
	}
	if len(got.Get("grpc-timeout")) != 0 || len(got.Get("x-user-agent")) != 1 {
		t.Errorf("got %v", map[string][]string(got))
	}
	call(authority(t.Context()))
	if slices.Contains(got.Get(":authority"), "shop") {
		t.Errorf(":authority: %q", got.Get(":authority"))
	}
}
