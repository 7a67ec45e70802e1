package uncheckedindex

import (
	"context"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

type anyHeaders interface {
	tenants(ctx context.Context) []string
}

type onlyHeaders struct{}

func (onlyHeaders) tenants(ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md.Get("tenant")
}

func newHeaders() anyHeaders { return onlyHeaders{} }

type wired struct {
	pb.UnimplementedOrderServiceServer
}

func (*wired) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return &pb.Order{Name: newHeaders().tenants(ctx)[0]}, nil // want `causes a panic.* \[metadata/unchecked-index\]$`
}
