package uncheckedindex

import (
	"context"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

type closure struct {
	pb.UnimplementedOrderServiceServer
}

func (*closure) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	tenants := func(ctx context.Context) []string {
		md, _ := metadata.FromIncomingContext(ctx)
		return md.Get("tenant")
	}
	return &pb.Order{Name: tenants(ctx)[0]}, nil // want `causes a panic.* \[metadata/unchecked-index\]$`
}
