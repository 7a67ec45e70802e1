// Package feed sends orders for as long as clients want them.
package feed

import "example.com/testdata/stubs/orderpb"

// Feed is a server.
type Feed struct {
	orderpb.UnimplementedOrderServiceServer
	Orders chan *orderpb.Order
}

// WatchOrders sends what comes.
func (f *Feed) WatchOrders(_ *orderpb.WatchOrdersRequest, stream orderpb.OrderService_WatchOrdersServer) error {
	for {
		select {
		case <-stream.Context().Done():
			return stream.Context().Err()
		case order := <-f.Orders:
			if err := stream.Send(&orderpb.OrderEvent{Order: order}); err != nil {
				return err
			}
		}
	}
}
