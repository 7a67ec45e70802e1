// Package imported bounds each attempt by options of another package.
package imported

import (
	"context"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"

	"example.com/testdata/deadline/missing/retrying/options"
	pb "example.com/testdata/stubs/orderpb"
)

func interceptor() grpc.DialOption { return grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor()) }

func get(c pb.OrderServiceClient) { c.GetOrder(context.Background(), nil, options.Default()...) }

var _ = []any{interceptor, get}
