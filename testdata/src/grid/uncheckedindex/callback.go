package uncheckedindex

import (
	"context"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

func runTenants(f func() []string) []string { return f() }

func tenantsCalled(ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md.Get("tenant")
}

type callback struct {
	pb.UnimplementedOrderServiceServer
}

func (*callback) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return &pb.Order{Name: runTenants(func() []string { return tenantsCalled(ctx) })[0]}, nil // want `causes a panic.* \[metadata/unchecked-index\]$`
}
