// Package circles hands metadata round: through variables, loops, functions
// and fields that lead back to where it comes from. Whoever follows it has to
// notice.
package circles

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/stubs/orderpb"
)

// Turns returns values that take turns with others in a loop.
func Turns(ctx context.Context, n int) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	values := md.Get("a")
	a, b := values, md.Get("b")
	for i := range n {
		if i%3 == 0 {
			a, b = b, a
		}
		println(a[i], b[i])
	}
	return values
}

func first(ctx context.Context) string {
	return Turns(ctx, 3)[0] // want `is read unchecked`
}

// there and back hand metadata to each other.
func there(md metadata.MD, n int) {
	if n > 0 {
		back(md, n-1)
	}
}

func back(md metadata.MD, n int) { there(md, n) }

func handedRound(ctx context.Context, client orderpb.OrderServiceClient) {
	ctx = metadata.AppendToOutgoingContext(ctx, "a", "b")
	md := metadata.Pairs("c", "d")
	there(md, 3)
	ctx = metadata.NewOutgoingContext(ctx, md) // want `is lost`
	client.GetOrder(ctx, &orderpb.GetOrderRequest{})
}

type kept struct{ md metadata.MD }

func (k *kept) count() int { return len(k.md) }

// onlyItself keeps what only ever was given what it holds.
func onlyItself(ctx context.Context, client orderpb.OrderServiceClient) {
	var md metadata.MD
	same := func() { md = md }
	same()
	k := &kept{md: md}
	k.count()
	ctx = metadata.AppendToOutgoingContext(ctx, "a", "b")
	ctx = metadata.NewOutgoingContext(ctx, k.md) // want `is lost`
	client.GetOrder(ctx, &orderpb.GetOrderRequest{})
}

// ofItself takes the context of a stream that is in no other variable than its
// own.
func ofItself(client orderpb.OrderServiceClient) {
	var stream grpc.ServerStream
	same := func() { stream = stream }
	same()
	ctx := metadata.NewOutgoingContext(stream.Context(), metadata.Pairs("a", "b"))
	client.GetOrder(ctx, &orderpb.GetOrderRequest{})
}

var (
	_ = first
	_ = handedRound
	_ = onlyItself
	_ = ofItself
)
