package nilfield

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

type anyNames interface {
	name(req *pb.UpdateOrderRequest) string
}

type onlyNames struct{}

func (onlyNames) name(req *pb.UpdateOrderRequest) string {
	return req.Order.Name // want `makes the handler panic.* \[server/nil-field\]$`
}

func newNames() anyNames { return onlyNames{} }

type wired struct {
	pb.UnimplementedOrderServiceServer
}

func (*wired) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	return &pb.Order{Name: newNames().name(req)}, nil
}
