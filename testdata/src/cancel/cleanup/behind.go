package cleanup

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

// The RPC is made by somebody who has the context.

type pending struct {
	ctx context.Context
	c   pb.OrderServiceClient
}

func (p pending) drop() { p.c.DeleteOrder(p.ctx, nil) }

func inStruct(ctx context.Context, c pb.OrderServiceClient) {
	<-ctx.Done()
	pending{ctx, c}.drop() // want `DeleteOrder fails at once: its context is over here, behind <-Done\(\)`
}

func inOwnLiteral(ctx context.Context, c pb.OrderServiceClient) {
	<-ctx.Done()
	drop := func() { c.DeleteOrder(ctx, nil) } // want `DeleteOrder fails at once`
	drop()
}

// Silent: another context, or made before.
func inOther(ctx, other context.Context, c pb.OrderServiceClient) {
	pending{ctx, c}.drop()
	<-ctx.Done()
	pending{other, c}.drop()
	drop := func() { c.DeleteOrder(context.WithoutCancel(ctx), nil) }
	drop()
}
