package sleep

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/cancel/sleep/helper"
	"example.com/testdata/stubs/orderpb"
)

// What several handlers come to in another package is one finding.
type settling struct {
	orderpb.UnimplementedOrderServiceServer
}

func (*settling) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	helper.Wait(ctx) // want `^GetOrder and 1 more RPC may sleep on when the client has gone \(Wait\): time.Sleep does not end with the context`
	return &orderpb.Order{}, nil
}

func (*settling) DeleteOrder(ctx context.Context, req *orderpb.DeleteOrderRequest) (*emptypb.Empty, error) {
	helper.Wait(ctx) // related `DeleteOrder comes to it here`
	return &emptypb.Empty{}, nil
}
