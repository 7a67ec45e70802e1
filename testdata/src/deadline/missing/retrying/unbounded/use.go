// Package unbounded retries without a limit to the attempts' time.
package unbounded

import (
	"context"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

func interceptor() grpc.DialOption {
	return grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(retry.WithMax(3)))
}

func get(c pb.OrderServiceClient) {
	c.GetOrder(context.Background(), nil) // want `can hang`
}

var _ = []any{interceptor, get}
