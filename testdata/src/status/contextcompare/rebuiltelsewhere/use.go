// Package rebuiltelsewhere dials with an interceptor of another package.
package rebuiltelsewhere

import (
	"context"
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/status/contextcompare/rebuilt"
	pb "example.com/testdata/stubs/orderpb"
)

func dial(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithUnaryInterceptor(rebuilt.Plain))
}

func timedOut(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return errors.Is(err, context.DeadlineExceeded)
}
