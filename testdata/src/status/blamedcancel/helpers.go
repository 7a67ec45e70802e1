package blamedcancel

import (
	"context"
	"log"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	pb "example.com/testdata/stubs/orderpb"
)

type helped struct {
	pb.UnimplementedOrderServiceServer
	orders chan *pb.Order
}

func internal(err error) error {
	log.Print(err)
	return status.Errorf(codes.Internal, "something went wrong: %v", err)
}

func withCode(code codes.Code, err error) error { return status.Error(code, err.Error()) }

// Bad.

func (h *helped) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	select {
	case order := <-h.orders:
		return order, nil
	case <-ctx.Done():
		return nil, internal(ctx.Err()) // want `^a client that cancels GetOrder looks like a fault of the server: ctx\.Err\(\) is answered with the code Internal \[status/blamed-cancel\]$` at "internal(ctx.Err())"
	}
}

func (h *helped) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	_ = req.GetRequestId()
	if err := ctx.Err(); err != nil {
		return nil, withCode(codes.Unknown, err) // want `ctx\.Err\(\) is answered with the code Unknown`
	}
	return &pb.Order{}, nil
}

func (h *helped) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	defer log.Print("updated")
	select {
	case order := <-h.orders:
		return order, nil
	case <-ctx.Done():
		return nil, gone() // want `ctx\.Done\(\) is answered with the code Internal`
	}
}

func (h *helped) Chat(stream pb.OrderService_ChatServer) error {
	<-stream.Context().Done()
	return ended(call{stream.Context(), "chat"}) // want `stream\.Context\(\)\.Done\(\) is answered with the code Internal`
}

func gone() error { return status.Error(codes.Internal, "the client is gone") }

type call struct {
	ctx  context.Context
	name string
}

func ended(c call) error { return status.Errorf(codes.Internal, "%s: over", c.name) }

func (h *helped) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if ctx.Err() != nil {
		return nil, errGoneAway // want `ctx\.Err\(\) is answered with the code Internal`
	}
	return &emptypb.Empty{}, nil
}

var errGoneAway = status.Error(codes.Internal, "gone away")

// Silent.

type cautious struct {
	pb.UnimplementedOrderServiceServer
	orders chan *pb.Order
}

func (c *cautious) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	broken := gone()
	select {
	case <-c.orders:
		return nil, errGoneAway
	case <-ctx.Done():
		if err := c.undo(); err != nil {
			return nil, err
		}
		log.Print(broken)
		return nil, ctx.Err()
	}
}

// undo may fail, whatever has ended.
func (c *cautious) undo() error {
	if len(c.orders) > 0 {
		return status.Error(codes.Internal, "orders are left")
	}
	return nil
}

func (c *cautious) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	if err := ctx.Err(); err != nil {
		return nil, withCode(codes.Canceled, err)
	}
	if err := check(req); err != nil {
		return nil, internal(err)
	}
	return &pb.Order{}, nil
}

func either(err error, mine bool) error {
	if mine {
		return internal(err)
	}
	return status.FromContextError(err).Err()
}

func (c *cautious) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if err := ctx.Err(); err != nil {
		return nil, either(err, false)
	}
	return &emptypb.Empty{}, nil
}

func check(req *pb.UpdateOrderRequest) error {
	if req.GetOrder() == nil {
		return status.Error(codes.InvalidArgument, "no order")
	}
	return nil
}
