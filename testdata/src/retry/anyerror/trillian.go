package anyerror

import (
	"context"
	"time"

	"example.com/testdata/retry/anyerror/backoff"
	pb "example.com/testdata/stubs/orderpb"
)

type logClient struct {
	client pb.OrderServiceClient
	name   string
}

// replace went on for ever with arguments that the server refused.
func (c *logClient) replace(ctx context.Context, state pb.Order_State) (*pb.Order, error) {
	b := &backoff.Backoff{Min: 100 * time.Millisecond, Max: 10 * time.Second}
	var order *pb.Order
	err := b.Retry(ctx, func() error {
		var err error
		order, err = c.client.UpdateOrder(ctx, &pb.UpdateOrderRequest{Order: &pb.Order{Name: c.name, State: state}}) // want `OrderService.UpdateOrder is tried again by Retry after errors`
		return err
	})
	return order, err
}
