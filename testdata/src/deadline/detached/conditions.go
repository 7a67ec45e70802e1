package detached

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

// orFailed comes here without a failure, too.
func orFailed(ctx context.Context, c pb.OrderServiceClient, always bool) {
	_, err := c.CreateOrder(ctx, nil)
	if err != nil || always {
		own, cancel := context.WithTimeout(context.Background(), time.Second) // want `orFailed has gone: context.Background\(\) instead of ctx`
		defer cancel()
		c.UpdateOrder(own, nil)
	}
}

// Silent: by its name it cleans up.
func purgeOrders(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c.DeleteOrder(own, nil)
}
