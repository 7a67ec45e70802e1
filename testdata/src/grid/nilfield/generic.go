package nilfield

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

func nameTagged[T any](tag T, req *pb.UpdateOrderRequest) string {
	return req.Order.Name // want `makes the handler panic.* \[server/nil-field\]$`
}

type generic struct {
	pb.UnimplementedOrderServiceServer
}

func (*generic) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	return &pb.Order{Name: nameTagged(1, req)}, nil
}
