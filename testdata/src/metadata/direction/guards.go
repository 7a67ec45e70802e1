package direction

import (
	"context"
	"time"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

type derives struct {
	pb.UnimplementedOrderServiceServer
	orders pb.OrderServiceClient
}

// GetOrder makes its RPC with a context of the one that it changed.
func (d *derives) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	ctx = metadata.NewIncomingContext(ctx, metadata.Pairs("authorization", "token")) // want `the metadata is not sent with GetOrder`
	bounded, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return d.orders.GetOrder(bounded, req)
}

// ListOrders hands it to somebody who may look.
func (d *derives) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	ctx = metadata.NewIncomingContext(ctx, metadata.Pairs("authorization", "token"))
	look(ctx)
	return d.orders.ListOrders(ctx, req)
}

var look func(context.Context)
