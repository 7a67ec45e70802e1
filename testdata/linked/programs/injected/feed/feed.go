// Package feed serves orders as they come in.
package feed

import (
	"context"

	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
)

type Feed struct {
	orderpb.UnimplementedOrderServiceServer
	events chan *orderpb.OrderEvent
}

func New() *Feed { return &Feed{events: make(chan *orderpb.OrderEvent)} }

func (f *Feed) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{Name: req.GetName()}, nil
}

func (f *Feed) WatchOrders(req *orderpb.WatchOrdersRequest, stream grpc.ServerStreamingServer[orderpb.OrderEvent]) error {
	for {
		select {
		case <-stream.Context().Done():
			return stream.Context().Err()
		case event := <-f.events:
			if err := stream.Send(event); err != nil {
				return err
			}
		}
	}
}
