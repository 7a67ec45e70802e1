package plainerror

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/status/plainerror/wrap"
	pb "example.com/testdata/stubs/orderpb"
)

// wrapper lets a package make its errors that does not know gRPC.
type wrapper struct {
	pb.UnimplementedOrderServiceServer
	client pb.OrderServiceClient
	orders map[string]*pb.Order
}

func (w *wrapper) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if w.orders[req.GetName()] == nil {
		return nil, wrap.NotFound(req.GetName()) // want `clients of GetOrder may get the code Unknown: fmt\.Errorf has none`
	}
	return w.find(req.GetName())
}

func (w *wrapper) find(name string) (*pb.Order, error) {
	if w.orders[name] == nil {
		return nil, wrap.NotFound(name) // want `clients of GetOrder may get the code Unknown: fmt\.Errorf has none`
	}
	return w.orders[name], nil
}

func (w *wrapper) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	order, err := w.client.UpdateOrder(ctx, req)
	if err != nil {
		return nil, errors.New(wrap.Text(err)) // want `clients of UpdateOrder get the code Unknown: the one of OrderService\.UpdateOrder is lost`
	}
	return order, nil
}

func (w *wrapper) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	resp, err := w.client.ListOrders(ctx, req)
	switch {
	case wrap.IsLate(err): // want `never true: the error of OrderService\.ListOrders has a code, IsLate compares it with context\.DeadlineExceeded`
		return nil, status.Error(codes.DeadlineExceeded, "late")
	case wrap.IsGone(err): // want `IsGone tells the error of OrderService\.ListOrders by its text, not by its code`
		return nil, status.Error(codes.NotFound, "gone")
	}
	return resp, nil
}

func (w *wrapper) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	_ = req.GetRequestId()
	if w.orders == nil {
		return nil, wrap.Logged("orders") // want `clients of CreateOrder may get the code Unknown: fmt\.Errorf has none`
	}
	return &pb.Order{}, wrap.With(w.closed())
}

func (w *wrapper) closed() error { return status.Error(codes.Unavailable, "closed") }

// Silent.

func (w *wrapper) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if err := wrap.NotFound(req.GetName()); err != nil {
		return nil, status.Error(codes.NotFound, err.Error())
	}
	return &emptypb.Empty{}, nil
}
