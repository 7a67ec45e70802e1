// Package micro holds a service of go-micro, which shares gRPC's protos: its
// clients give every call the timeout of the client, its handlers fill in a reply
// that they are handed, and its errors are its own.
package micro

import (
	"context"
	"time"

	"go-micro.dev/v4/client"
	"go-micro.dev/v4/errors"
	"go-micro.dev/v4/server"

	pb "example.com/testdata/stubs/orderpb"
)

// OrderService is as protoc-gen-micro makes it.
type OrderService interface {
	GetOrder(ctx context.Context, in *pb.GetOrderRequest, opts ...client.CallOption) (*pb.Order, error)
}

type orderService struct {
	c    client.Client
	name string
}

// NewOrderService is as protoc-gen-micro makes it.
func NewOrderService(name string, c client.Client) OrderService { return &orderService{c, name} }

func (c *orderService) GetOrder(ctx context.Context, in *pb.GetOrderRequest, opts ...client.CallOption) (*pb.Order, error) {
	req := c.c.NewRequest(c.name, "OrderService.GetOrder", in)
	out := new(pb.Order)
	err := c.c.Call(ctx, req, out, opts...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

type handler struct{ next OrderService }

func (h *handler) GetOrder(ctx context.Context, req *pb.GetOrderRequest, rsp *pb.Order) error {
	o, err := h.next.GetOrder(context.Background(), req, client.WithRequestTimeout(time.Second))
	if err != nil {
		return errors.InternalServerError("orders", "%v", err)
	}
	rsp.Name = o.GetName()
	return nil
}

func register(s server.Server, next OrderService) error {
	return s.Handle(s.NewHandler(&handler{next}))
}

func poll(next OrderService) error {
	for {
		if _, err := next.GetOrder(context.Background(), &pb.GetOrderRequest{}); err != nil {
			if e := errors.FromError(err); e.Code == 404 {
				return nil
			}
			return err
		}
		time.Sleep(time.Minute)
	}
}
