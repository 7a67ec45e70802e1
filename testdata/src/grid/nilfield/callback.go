package nilfield

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

func runName(f func() string) string { return f() }

func nameCalled(req *pb.UpdateOrderRequest) string {
	return req.Order.Name // want `makes the handler panic.* \[server/nil-field\]$`
}

type callback struct {
	pb.UnimplementedOrderServiceServer
}

func (*callback) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	return &pb.Order{Name: runName(func() string { return nameCalled(req) })}, nil
}
