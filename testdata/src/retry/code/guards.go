package code

import (
	"context"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc/codes"

	pb "example.com/testdata/stubs/orderpb"
)

// From here on: silence.

// canceled has no effect: the interceptor never tries Canceled again.
func canceled(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	_, err := c.DeleteOrder(ctx, req, retry.WithMax(3), retry.WithCodes(codes.Unavailable, codes.Canceled)) // want `retry/dead-code`
	return err
}
