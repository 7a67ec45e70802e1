package nilfield

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

type boundNames struct{}

func (boundNames) name(req *pb.UpdateOrderRequest) string {
	return req.Order.Name // want `makes the handler panic.* \[server/nil-field\]$`
}

type bound struct {
	pb.UnimplementedOrderServiceServer
}

func (*bound) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	name := boundNames{}.name
	return &pb.Order{Name: name(req)}, nil
}
