package overwrite

import (
	"context"
	"testing"

	"google.golang.org/grpc/metadata"

	"example.com/testdata/proof"
	pb "example.com/testdata/stubs/orderpb"
)

func TestOverwrite(t *testing.T) {
	var got metadata.MD
	c := proof.Serve(t, &proof.Orders{Get: func(ctx context.Context, _ *pb.GetOrderRequest) (*pb.Order, error) {
		got, _ = metadata.FromIncomingContext(ctx)
		return &pb.Order{}, nil
	}})
	traced := metadata.AppendToOutgoingContext(t.Context(), "trace", "1")
	token := func(ctx context.Context) context.Context { return context.WithValue(ctx, tokenKey{}, "secret") }
	for _, test := range []struct {
		name  string
		ctx   context.Context
		key   string
		trace int
	}{
		{"replaced", withToken(token(traced)), "bearer.token", 0},
		{"built", func() context.Context {
			ctx, _ := newContext(traced, withHeaders(metadata.Pairs("tenant", "a")))
			return ctx
		}(), "tenant", 0},
		{"appended", appends(traced), "tenant", 1},
		{"merged", merges(traced), "tenant", 1},
	} {
		if _, err := c.GetOrder(test.ctx, &pb.GetOrderRequest{}); err != nil {
			t.Fatal(err)
		}
		if len(got.Get(test.key)) != 1 || len(got.Get("trace")) != test.trace {
			t.Errorf("%s: the server got %v", test.name, got)
		}
	}
}
