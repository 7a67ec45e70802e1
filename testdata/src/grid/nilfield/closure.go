package nilfield

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

type closure struct {
	pb.UnimplementedOrderServiceServer
}

func (*closure) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	name := func(req *pb.UpdateOrderRequest) string {
		return req.Order.Name // want `makes the handler panic.* \[server/nil-field\]$`
	}
	return &pb.Order{Name: name(req)}, nil
}
