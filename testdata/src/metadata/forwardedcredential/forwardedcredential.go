// Package forwardedcredential sends on what clients have sent.
package forwardedcredential

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/testdata/metadata/forwardedcredential/forward"
	pb "example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func interceptor() grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		md, ok := metadata.FromIncomingContext(ctx)
		if !ok {
			return nil, status.Error(codes.Internal, "no metadata")
		}
		return handler(metadata.NewOutgoingContext(ctx, md), req) // want `the client's credentials go to every service called with this context: all that it has sent is sent on \[metadata/forwarded-credential\]`
	}
}

func copied(ctx context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	return metadata.NewOutgoingContext(ctx, md.Copy()) // want `credentials go to every service` at "md.Copy()"
}

func joined(ctx context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	old, _ := metadata.FromOutgoingContext(ctx)
	return metadata.NewOutgoingContext(ctx, metadata.Join(old, md)) // want `credentials go to every service`
}

func orNone(ctx context.Context) context.Context {
	md, ok := metadata.FromIncomingContext(ctx)
	if !ok {
		md = metadata.New(nil)
	}
	return metadata.NewOutgoingContext(ctx, md) // want `credentials go to every service`
}

func byHelpers(ctx context.Context) context.Context {
	return forward.With(ctx, forward.Incoming(ctx)) // want `credentials go to every service` at "forward.Incoming(ctx)"
}

type server struct {
	pb.UnimplementedOrderServiceServer
	orders   pb.OrderServiceClient
	payments paypb.PaymentServiceClient
}

func (s *server) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	return s.orders.GetOrder(send(ctx, md), &pb.GetOrderRequest{})
}

func send(ctx context.Context, md metadata.MD) context.Context {
	return metadata.NewOutgoingContext(ctx, md) // want `credentials go to every service`
}
