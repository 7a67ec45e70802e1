// Package middleware uses go-grpc-middleware's timeout and per-retry
// timeout.
package middleware

import (
	"context"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/timeout"
	"google.golang.org/grpc"

	"example.com/testdata/stubs/grpc13pb"
	pb "example.com/testdata/stubs/orderpb"
)

func timed() error {
	conn, err := grpc.NewClient("dns:///orders", grpc.WithInsecure(), grpc.WithUnaryInterceptor(timeout.UnaryClientInterceptor(time.Second)))
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = pb.NewOrderServiceClient(conn).GetOrder(context.Background(), nil)
	return err
}

func plain(items grpc13pb.Grpc13ServiceClient) {
	items.Get(context.Background(), nil) // want `Grpc13Service.Get can hang`
}

var _ = []any{timed, plain, retry.WithMax}
