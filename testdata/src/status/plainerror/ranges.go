package plainerror

import (
	"context"
	"errors"

	pb "example.com/testdata/stubs/orderpb"
)

// ranges returns sentinels in every way that there is.
type ranges struct {
	pb.UnimplementedOrderServiceServer
}

var errRange = errors.New("out of range")

func (r *ranges) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return nil, errRange // want `clients of GetOrder get the code Unknown` at "errRange"
}

func (r *ranges) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	return r.find(req.GetRequestId()) // want `clients of CreateOrder get the code Unknown` at "r.find(req.GetRequestId())"
}

func (r *ranges) find(name string) (*pb.Order, error) {
	if name == "" {
		return nil, errRange
	}
	return &pb.Order{}, nil
}

func (r *ranges) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (order *pb.Order, err error) {
	order, err = nil, errRange
	return // want `clients of UpdateOrder get the code Unknown` at "return"
}

func (r *ranges) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	return errRange // want `clients of WatchOrders get the code Unknown` at "errRange"
}
