package leak

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
)

func direct(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials())) // want `conn leaks.* \[conn/leak\]$`
	if err != nil {
		return err
	}
	_, err = pb.NewOrderServiceClient(conn).GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}
