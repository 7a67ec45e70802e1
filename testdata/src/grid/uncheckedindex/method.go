package uncheckedindex

import (
	"context"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

type headers struct{}

func (headers) tenants(ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md.Get("tenant")
}

type method struct {
	pb.UnimplementedOrderServiceServer
}

func (*method) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	h := headers{}
	return &pb.Order{Name: h.tenants(ctx)[0]}, nil // want `causes a panic.* \[metadata/unchecked-index\]$`
}
