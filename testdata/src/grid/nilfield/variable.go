package nilfield

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

var nameVariable = func(req *pb.UpdateOrderRequest) string {
	return req.Order.Name // want `makes the handler panic.* \[server/nil-field\]$`
}

type variable struct {
	pb.UnimplementedOrderServiceServer
}

func (*variable) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	return &pb.Order{Name: nameVariable(req)}, nil
}
