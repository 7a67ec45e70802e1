// Package connectgo holds services of connect-go, which are not gRPC's and share
// its protos and codes.
package connectgo

import (
	"context"
	"errors"
	"net/http"

	"connectrpc.com/connect"

	pb "example.com/testdata/stubs/orderpb"
)

type orders struct {
	upstream *connect.Client[pb.GetOrderRequest, pb.Order]
}

func (o *orders) GetOrder(ctx context.Context, req *connect.Request[pb.GetOrderRequest]) (*connect.Response[pb.Order], error) {
	if req.Msg.GetName() == "" {
		return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("no name"))
	}
	return o.upstream.CallUnary(ctx, req)
}

func (o *orders) WatchOrders(ctx context.Context, req *connect.Request[pb.WatchOrdersRequest], stream *connect.ServerStream[pb.OrderEvent]) error {
	for {
		if err := stream.Send(&pb.OrderEvent{}); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func handler() http.Handler {
	o := &orders{connect.NewClient[pb.GetOrderRequest, pb.Order](http.DefaultClient, "http://localhost/orders.OrderService/GetOrder")}
	mux := http.NewServeMux()
	mux.Handle("/orders.OrderService/GetOrder", connect.NewUnaryHandler("/orders.OrderService/GetOrder", o.GetOrder))
	mux.Handle("/orders.OrderService/WatchOrders", connect.NewServerStreamHandler("/orders.OrderService/WatchOrders", o.WatchOrders))
	return mux
}

// What connect makes for its simple interfaces looks like a handler of gRPC.
type simple struct{ orders map[string]*pb.Order }

func (s *simple) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	o, ok := s.orders[req.GetName()]
	if !ok {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such order"))
	}
	return o, nil
}

func (s *simple) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	return nil, errors.New("not yet")
}

func isNotFound(err error) bool {
	var e *connect.Error
	return connect.CodeOf(err) == connect.CodeNotFound || errors.As(err, &e) && e.Code() == connect.CodeNotFound
}
