package percall

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
)

// withClient dials only for streams; other callers share a connection.
func withClient(ctx context.Context, shared *grpc.ClientConn, streaming bool, f func(*grpc.ClientConn) error) error {
	if !streaming {
		return f(shared)
	}
	conn, err := grpc.NewClient("dns:///orders", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	return f(conn)
}

type flagServer struct {
	pb.UnimplementedOrderServiceServer
	conn *grpc.ClientConn
}

func (s *flagServer) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (order *pb.Order, err error) {
	err = withClient(ctx, s.conn, false, func(conn *grpc.ClientConn) error {
		order, err = pb.NewOrderServiceClient(conn).GetOrder(ctx, r)
		return err
	})
	return order, err
}

var _ = flagServer{}
