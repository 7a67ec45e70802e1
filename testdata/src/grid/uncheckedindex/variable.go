package uncheckedindex

import (
	"context"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

var tenantsVariable = func(ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md.Get("tenant")
}

type variable struct {
	pb.UnimplementedOrderServiceServer
}

func (*variable) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return &pb.Order{Name: tenantsVariable(ctx)[0]}, nil // want `causes a panic.* \[metadata/unchecked-index\]$`
}
