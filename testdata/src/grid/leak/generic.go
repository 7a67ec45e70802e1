package leak

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
)

func dialTagged[T any](tag T, addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

func generic(ctx context.Context, addr string) error {
	conn, err := dialTagged(1, addr) // want `conn leaks.* \[conn/leak\]$`
	if err != nil {
		return err
	}
	_, err = pb.NewOrderServiceClient(conn).GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}
