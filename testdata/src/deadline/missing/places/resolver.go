package places

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

// A resolver lives longer than the function that makes it, and so does the
// context in it: the deadline belongs to the RPC.
type resolver struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func newResolver(c pb.OrderServiceClient) (*resolver, error) {
	r := &resolver{}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	if _, err := c.GetOrder(r.ctx, &pb.GetOrderRequest{}); err != nil { // want `GetOrder can hang for ever` at "r.ctx"
		return nil, err
	}
	return r, nil
}
