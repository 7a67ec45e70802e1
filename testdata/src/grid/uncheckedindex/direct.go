package uncheckedindex

import (
	"context"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

type direct struct {
	pb.UnimplementedOrderServiceServer
}

func (*direct) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	return &pb.Order{Name: md.Get("tenant")[0]}, nil // want `causes a panic.* \[metadata/unchecked-index\]$`
}
