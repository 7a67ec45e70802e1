package direction

import (
	"context"
	"errors"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/metadata/direction/lookup"
	pb "example.com/testdata/stubs/orderpb"
)

type helped struct {
	pb.UnimplementedOrderServiceServer
	other pb.OrderServiceClient
}

func ofContext(ctx context.Context) (metadata.MD, bool) {
	return metadata.FromOutgoingContext(ctx) // want `never finds what the client has sent`
}

func (s *helped) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if md, ok := ofContext(ctx); !ok || len(md.Get("authorization")) == 0 {
		return nil, errors.New("who are you")
	}
	if md, ok := lookup.Outgoing(ctx); !ok || len(md.Get("tenant")) == 0 { // want `never finds what the client has sent` at "lookup.Outgoing"
		return nil, errors.New("no tenant")
	}
	return &pb.Order{}, nil
}

func deleted(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "deleted", "1")
}

func (s *helped) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	ctx = deleted(ctx) // want `the client never gets it: outgoing metadata goes with RPCs that DeleteOrder makes`
	return &emptypb.Empty{}, ctx.Err()
}

// UpdateOrder adds to what goes out, if there is something.
func (s *helped) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	md, _ := lookup.Outgoing(ctx)
	return s.other.UpdateOrder(metadata.NewOutgoingContext(ctx, metadata.Join(md, metadata.Pairs("a", "b"))), req)
}
