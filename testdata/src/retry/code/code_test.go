package code

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// silentReady waits until the server lets somebody in.
func silentReady(t *testing.T, ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	for {
		_, err := c.DeleteOrder(ctx, req)
		if status.Code(err) != codes.PermissionDenied {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatal(ctx.Err())
		case <-time.After(time.Second):
		}
	}
}
