// Package bridge serves with an interceptor that makes what a client has sent
// outgoing metadata.
package bridge

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/metadata/direction/lookup"
	pb "example.com/testdata/stubs/orderpb"
)

// Interceptor sends the tenant on.
func Interceptor(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	for _, tenant := range metadata.ValueFromIncomingContext(ctx, "tenant") {
		ctx = metadata.AppendToOutgoingContext(ctx, "tenant", tenant)
	}
	return handler(ctx, req)
}

type server struct {
	pb.UnimplementedOrderServiceServer
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	md, _ := metadata.FromOutgoingContext(ctx)
	if len(md.Get("tenant")) == 0 || lookup.Sent(ctx, "tenant") == "" {
		return nil, context.Canceled
	}
	return &pb.Order{}, nil
}
