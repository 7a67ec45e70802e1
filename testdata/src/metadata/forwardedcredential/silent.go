package forwardedcredential

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/metadata/forwardedcredential/forward"
	pb "example.com/testdata/stubs/orderpb"
)

func oneKey(ctx context.Context) context.Context {
	for _, id := range metadata.ValueFromIncomingContext(ctx, "x-request-id") {
		ctx = metadata.AppendToOutgoingContext(ctx, "x-request-id", id)
	}
	return ctx
}

func some(ctx context.Context) context.Context {
	return forward.With(ctx, forward.Only(forward.Incoming(ctx), "x-request-id", "traceparent"))
}

func without(ctx context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	md = md.Copy()
	md.Delete("authorization")
	return metadata.NewOutgoingContext(ctx, md)
}

func withoutByHand(ctx context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	delete(md, "authorization")
	return metadata.NewOutgoingContext(ctx, md)
}

// ownCredential replaces what is secret.
func ownCredential(ctx context.Context, token string) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	md = md.Copy()
	md.Set("authorization", token)
	return metadata.NewOutgoingContext(ctx, md)
}

// toLeader adds who has asked, and says that it is on behalf of somebody:
// another instance of the same service knows what to make of that.
func toLeader(ctx context.Context, name string) context.Context {
	md, ok := metadata.FromIncomingContext(ctx)
	if !ok {
		md = metadata.MD{}
	}
	md["forwarded"] = []string{"true"}
	md["forwarded-name"] = []string{name}
	return metadata.NewOutgoingContext(ctx, md)
}

// GetOrder is served by another instance: the client means it.
func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	return s.orders.GetOrder(metadata.NewOutgoingContext(ctx, md), req)
}

// director says where a proxy sends what it gets.
func director(conn *grpc.ClientConn) func(ctx context.Context, method string) (context.Context, *grpc.ClientConn, error) {
	return func(ctx context.Context, method string) (context.Context, *grpc.ClientConn, error) {
		md, _ := metadata.FromIncomingContext(ctx)
		return metadata.NewOutgoingContext(ctx, md.Copy()), conn, nil
	}
}

// proxy handles RPCs of which it does not know the messages.
func proxy(conn *grpc.ClientConn) grpc.StreamHandler {
	return func(srv any, stream grpc.ServerStream) error {
		md, _ := metadata.FromIncomingContext(stream.Context())
		ctx := metadata.NewOutgoingContext(stream.Context(), md)
		method, _ := grpc.MethodFromServerStream(stream)
		_, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, method)
		return err
	}
}

func strip(md metadata.MD) { md.Delete("authorization") }

func stripped(ctx context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	strip(md)
	return metadata.NewOutgoingContext(ctx, md)
}

// again makes what it has got look as if this program had got it.
func again(ctx, other context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	return metadata.NewIncomingContext(other, md)
}

// back answers with it.
func back(ctx context.Context) error {
	md, _ := metadata.FromIncomingContext(ctx)
	return grpc.SetHeader(ctx, md)
}
