package nilfield

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

type names struct{}

func (names) name(req *pb.UpdateOrderRequest) string {
	return req.Order.Name // want `makes the handler panic.* \[server/nil-field\]$`
}

type method struct {
	pb.UnimplementedOrderServiceServer
}

func (*method) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	n := names{}
	return &pb.Order{Name: n.name(req)}, nil
}
