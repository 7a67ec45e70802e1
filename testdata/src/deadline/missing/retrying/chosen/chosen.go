// Package chosen gives them to the interceptor.
package chosen

import (
	"context"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"

	"example.com/testdata/deadline/missing/retrying/own"
	pb "example.com/testdata/stubs/orderpb"
)

func interceptor() grpc.DialOption {
	return grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(own.Default...))
}

func get(c pb.OrderServiceClient) { c.GetOrder(context.Background(), nil) }

var _ = []any{interceptor, get}
