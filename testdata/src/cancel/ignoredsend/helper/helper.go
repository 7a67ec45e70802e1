// Package helper gets the streams of handlers of another package.
package helper

import (
	"log"

	pb "example.com/testdata/stubs/orderpb"
)

// Forward sends all that it gets.
func Forward(stream pb.OrderService_WatchOrdersServer, orders []*pb.OrderEvent) error {
	return each(stream, orders)
}

func each(stream pb.OrderService_WatchOrdersServer, orders []*pb.OrderEvent) error {
	for _, o := range orders {
		if err := stream.Send(o); err != nil {
			log.Print(err)
		}
	}
	return nil
}

// Checked ends with the first error.
func Checked(stream pb.OrderService_WatchOrdersServer, orders []*pb.OrderEvent) error {
	for _, o := range orders {
		if err := stream.Send(o); err != nil {
			return err
		}
	}
	return nil
}
