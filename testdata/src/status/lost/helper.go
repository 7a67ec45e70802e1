package lost

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/status/lost/load"
	pb "example.com/testdata/stubs/orderpb"
)

type helped struct {
	pb.UnimplementedOrderServiceServer
	client pb.OrderServiceClient
	db     database
}

func explain(what string, err error) error { return fmt.Errorf("%s: %v", what, err) } // want `clients of GetOrder get the code Unknown: the one of OrderService\.GetOrder is lost`

func text(message string) error { return errors.New(message) } // want `clients of ListOrders get the code Unknown: the one of OrderService\.ListOrders is lost`

// Bad.

func (h *helped) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, err := h.client.GetOrder(ctx, req)
	if err != nil {
		return nil, explain("get", err)
	}
	return order, nil
}

func (h *helped) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	resp, err := h.client.ListOrders(ctx, req)
	if err != nil {
		return nil, text(err.Error())
	}
	return resp, nil
}

func (h *helped) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	order, err := h.client.UpdateOrder(ctx, req)
	if err != nil {
		return nil, load.Describe(err) // want `clients of UpdateOrder get the code Unknown: the one of OrderService\.UpdateOrder is lost`
	}
	return order, nil
}

// Silent.

func withCode(code codes.Code, err error) error { return status.Error(code, err.Error()) }

func (h *helped) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	order, err := h.client.CreateOrder(ctx, req)
	if err != nil {
		return nil, withCode(codes.Unavailable, err)
	}
	return order, nil
}

func (h *helped) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if _, err := h.client.DeleteOrder(ctx, req); err != nil {
		return nil, withCode(status.Code(err), explain("delete", err))
	}
	return &emptypb.Empty{}, nil
}

type texts struct {
	pb.UnimplementedOrderServiceServer
	client pb.OrderServiceClient
	db     database
}

func (t *texts) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, err := t.client.GetOrder(ctx, req)
	if err != nil {
		return nil, errors.New(fmt.Sprintf("get %s: %v", req.GetName(), err)) // want `clients of GetOrder get the code Unknown: the one of OrderService\.GetOrder is lost`
	}
	return order, nil
}

func (t *texts) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	order, err := t.client.UpdateOrder(ctx, req)
	if err != nil {
		return nil, text2("update: " + err.Error())
	}
	return order, nil
}

func text2(message string) error { return text3(message) }

func text3(message string) error { return errors.New(message) } // want `clients of UpdateOrder get the code Unknown: the one of OrderService\.UpdateOrder is lost`

func (t *texts) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	_ = req.GetRequestId()
	if err := t.db.Get("x"); err != nil {
		return nil, errors.New("database: " + err.Error()) // want `clients of CreateOrder get the code Unknown: errors\.New has none`
	}
	return &pb.Order{}, nil
}

func (t *texts) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	err := checked(req.GetName())
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	if req.GetName() == "all" {
		err = status.Error(codes.Unimplemented, "all")
	}
	result := func() error { return err } // not that of checked, which is nil here
	return &emptypb.Empty{}, result()
}

func checked(name string) error {
	if name == "" {
		return errors.New("no name")
	}
	return nil
}

type known struct{ error }

// prefixed changes what it knows, and describes the rest.
func prefixed(err error) error {
	if k, ok := err.(*known); ok {
		return status.Error(codes.NotFound, k.Error())
	}
	return fmt.Errorf("prefixed: %v", err) // want `may get the code Unknown: fmt\.Errorf has none`
}

type silent struct {
	pb.UnimplementedOrderServiceServer
	client pb.OrderServiceClient
}

func (s *silent) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, err := s.client.GetOrder(ctx, req)
	if err != nil {
		return nil, prefixed(err) // an interceptor of the client may make known errors
	}
	return order, nil
}
