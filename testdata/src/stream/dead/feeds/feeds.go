// Package feeds receives for others.
package feeds

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

// Next does nothing but to receive.
func Next(stream pb.OrderService_WatchOrdersClient) (*pb.OrderEvent, error) { return stream.Recv() }

// Watch does nothing but to open a stream.
func Watch(ctx context.Context, c pb.OrderServiceClient) (pb.OrderService_WatchOrdersClient, error) {
	return c.WatchOrders(ctx, nil)
}

// A Feed receives from the stream that it has.
type Feed struct {
	Stream pb.OrderService_WatchOrdersClient
	c      pb.OrderServiceClient
}

// Next does nothing but to receive.
func (f *Feed) Next() (*pb.OrderEvent, error) { return f.Stream.Recv() }

// NextOrAgain gets over errors.
func (f *Feed) NextOrAgain() (*pb.OrderEvent, error) {
	m, err := f.Stream.Recv()
	if err != nil {
		f.Stream, err = f.c.WatchOrders(context.TODO(), nil)
	}
	return m, err
}
