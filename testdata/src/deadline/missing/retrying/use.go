// Package retrying retries; only the second interceptor bounds an attempt.
package retrying

import (
	"context"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

func options() []grpc.CallOption {
	return []grpc.CallOption{retry.WithMax(3), retry.WithPerRetryTimeout(time.Second)}
}

func interceptor() grpc.DialOption {
	return grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor())
}

func get(c pb.OrderServiceClient) { c.GetOrder(context.Background(), nil, retry.WithMax(3)) }

var _ = []any{options, interceptor, get}
