// Package chained has chains of interceptors that leave errors alone.
package chained

import (
	"context"
	"errors"

	grpc_middleware "github.com/grpc-ecosystem/go-grpc-middleware"
	grpc_recovery "github.com/grpc-ecosystem/go-grpc-middleware/recovery"
	grpc_retry "github.com/grpc-ecosystem/go-grpc-middleware/retry"
	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
)

type server struct {
	orderpb.UnimplementedOrderServiceServer
}

// GetOrder is served behind a chain that leaves errors alone.
func (s *server) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return nil, errors.New("no name") // want `clients of GetOrder get the code Unknown: errors\.New has none \[status/plain-error\]`
}

func serve() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(grpc_middleware.ChainUnaryServer(grpc_recovery.UnaryServerInterceptor())))
	orderpb.RegisterOrderServiceServer(s, &server{})
	return s
}

func timedOut(ctx context.Context, addr string, creds grpc.DialOption) (bool, error) {
	conn, err := grpc.NewClient(addr, creds, grpc.WithChainUnaryInterceptor(grpc_retry.UnaryClientInterceptor(grpc_retry.WithMax(3))))
	if err != nil {
		return false, err
	}
	defer conn.Close()
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
	return errors.Is(err, context.DeadlineExceeded), nil // want `never true: the error of OrderService\.GetOrder has the code DeadlineExceeded`
}
