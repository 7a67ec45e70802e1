package leak

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
)

func runDial(f func() (*grpc.ClientConn, error)) (*grpc.ClientConn, error) { return f() }

func dialCalled(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

func callback(ctx context.Context, addr string) error {
	conn, err := runDial(func() (*grpc.ClientConn, error) { return dialCalled(addr) }) // want `conn leaks.* \[conn/leak\]$`
	if err != nil {
		return err
	}
	_, err = pb.NewOrderServiceClient(conn).GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}
