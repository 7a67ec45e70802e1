package uncheckedindex

import (
	"context"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

func tenantsTagged[T any](tag T, ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md.Get("tenant")
}

type generic struct {
	pb.UnimplementedOrderServiceServer
}

func (*generic) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return &pb.Order{Name: tenantsTagged(1, ctx)[0]}, nil // want `causes a panic.* \[metadata/unchecked-index\]$`
}
