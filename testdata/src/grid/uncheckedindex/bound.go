package uncheckedindex

import (
	"context"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

type boundHeaders struct{}

func (boundHeaders) tenants(ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md.Get("tenant")
}

type bound struct {
	pb.UnimplementedOrderServiceServer
}

func (*bound) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	tenants := boundHeaders{}.tenants
	return &pb.Order{Name: tenants(ctx)[0]}, nil // want `causes a panic.* \[metadata/unchecked-index\]$`
}
