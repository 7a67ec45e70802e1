// Package direction mixes up what comes in with what goes out.
package direction

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/metadata/direction/lookup"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	other pb.OrderServiceClient
	known map[string]*pb.Order
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	md, ok := metadata.FromOutgoingContext(ctx) // want `never finds what the client has sent: that is in the incoming metadata, this looks at the outgoing \[metadata/direction\]`
	if !ok || len(md.Get("authorization")) == 0 {
		return nil, errors.New("who are you")
	}
	return s.known[req.GetName()], nil
}

func (s *server) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	if tenant(ctx) == "" || lookup.Sent(ctx, "tenant") == "" { // want `never finds what the client has sent` at "lookup.Sent"
		return nil, errors.New("no tenant")
	}
	return &pb.ListOrdersResponse{}, nil
}

func tenant(ctx context.Context) string {
	md, _ := metadata.FromOutgoingContext(ctx) // want `never finds what the client has sent`
	if values := md["tenant"]; len(values) > 0 {
		return values[0]
	}
	return ""
}

func (s *server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	if md, ok := metadata.FromOutgoingContext(stream.Context()); ok && len(md["leader"]) > 0 { // want `never finds what the client has sent`
		return errors.New("no leader")
	}
	return nil
}

func (s *server) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	delete(s.known, req.GetName())                              // want `shared-state`
	ctx = metadata.AppendToOutgoingContext(ctx, "deleted", "1") // want `the client never gets it: outgoing metadata goes with RPCs that DeleteOrder makes, and none has this context`
	return &emptypb.Empty{}, nil
}

func (s *server) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	order := s.known[req.GetOrder().GetName()]
	if order == nil {
		ctx = metadata.NewOutgoingContext(ctx, metadata.Pairs("known", "0")) // want `the client never gets it`
	}
	return order, ctx.Err()
}

func client(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	ctx = metadata.NewIncomingContext(ctx, metadata.Pairs("authorization", "token")) // want `the metadata is not sent with GetOrder: it is incoming metadata, as if a client had sent it to this program`
	return c.GetOrder(ctx, &pb.GetOrderRequest{})
}

func clientByHelper(c pb.OrderServiceClient) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	ctx = lookup.Received(ctx, "authorization", "token") // want `the metadata is not sent with GetOrder`
	return lookup.Order(ctx, c)
}

func reply(c pb.OrderServiceClient) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if _, err := c.GetOrder(ctx, &pb.GetOrderRequest{}); err != nil {
		return "", err
	}
	md, ok := metadata.FromIncomingContext(ctx) // want `FromIncomingContext finds nothing: only the contexts of handlers have incoming metadata, this one begins with Background`
	if !ok || len(md.Get("etag")) == 0 {
		return "", errors.New("no etag")
	}
	return md.Get("etag")[0], nil
}
