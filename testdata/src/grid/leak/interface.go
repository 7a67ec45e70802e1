package leak

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
)

type anyDialer interface {
	dial(addr string) (*grpc.ClientConn, error)
}

type onlyDialer struct{}

func (onlyDialer) dial(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

func newDialer() anyDialer { return onlyDialer{} }

func wired(ctx context.Context, addr string) error {
	conn, err := newDialer().dial(addr) // want `conn leaks.* \[conn/leak\]$`
	if err != nil {
		return err
	}
	_, err = pb.NewOrderServiceClient(conn).GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}
