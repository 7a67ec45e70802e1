// Package relay passes messages on, for handlers of other packages.
package relay

import (
	"errors"
	"io"

	pb "example.com/testdata/stubs/orderpb"
)

// All sends what it receives, and returns what Recv does.
func All(from pb.OrderService_WatchOrdersClient, send func(*pb.OrderEvent) error) error {
	for {
		event, err := from.Recv()
		if err != nil {
			return err
		}
		if err := send(event); err != nil {
			return err
		}
	}
}

// UntilEnd knows that io.EOF is no error.
func UntilEnd(from pb.OrderService_WatchOrdersClient, send func(*pb.OrderEvent) error) error {
	for {
		event, err := from.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := send(event); err != nil {
			return err
		}
	}
}
