package anyerror

import (
	"context"
	"testing"

	pb "example.com/testdata/stubs/orderpb"
)

// silentReady waits until the server is there.
func silentReady(t *testing.T, ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	for {
		if _, err := c.DeleteOrder(ctx, req); err == nil {
			return
		}
		if err := pause(ctx); err != nil {
			t.Fatal(err)
		}
	}
}
