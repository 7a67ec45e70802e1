// Package static serves what never changes.
package static

import (
	"context"

	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
)

type Static struct {
	orderpb.UnimplementedOrderServiceServer
}

func (Static) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{Name: req.GetName()}, nil
}

func (Static) WatchOrders(req *orderpb.WatchOrdersRequest, stream grpc.ServerStreamingServer[orderpb.OrderEvent]) error {
	return nil
}
