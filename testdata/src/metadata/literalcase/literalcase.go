// Package literalcase writes metadata by hand.
package literalcase

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/metadata/literalcase/send"
	pb "example.com/testdata/stubs/orderpb"
)

func literal(ctx context.Context) context.Context {
	md := metadata.MD{
		"X-Id":    {"1"}, // want `every RPC with it fails with INTERNAL: the key "X-Id" has upper-case letters, and a map keeps them \[metadata/literal-case\]`
		"x-other": {"2"},
	}
	return metadata.NewOutgoingContext(ctx, metadata.Join(outgoing(ctx), md))
}

func outgoing(ctx context.Context) metadata.MD {
	md, _ := metadata.FromOutgoingContext(ctx)
	return md
}

func assigned(ctx context.Context, id string) context.Context {
	md := outgoing(ctx).Copy()
	md["X-Id"] = []string{id} // want `"X-Id" has upper-case letters`
	return metadata.NewOutgoingContext(ctx, md)
}

func header(ctx context.Context) error {
	return grpc.SetHeader(ctx, metadata.MD{"Location": {"here"}}) // want `the client gets INTERNAL instead of the reply: the key "Location"`
}

func trailer(s pb.OrderService_ChatServer) {
	s.SetTrailer(metadata.MD{"Took": {"1s"}}) // want `the key "Took"`
}

func throughHelper(ctx context.Context) context.Context {
	return send.With(ctx, metadata.MD{"X-Id": {"1"}}) // want `the key "X-Id"` at `"X-Id"`
}

func fromHelper(ctx context.Context) context.Context {
	return send.With(ctx, send.Headers("1")) // want `the key "X-Id"` at "send.Headers"
}

func local() metadata.MD {
	return metadata.MD{"Trace": {"1"}} // want `the key "Trace"`
}

func sendsLocal(ctx context.Context) context.Context { return send.With(ctx, local()) }

func conditional(ctx context.Context, debug bool) context.Context {
	md := metadata.MD{}
	if debug {
		md["Debug"] = []string{"1"} // want `the key "Debug"`
	}
	return send.With(ctx, md)
}

func streamHeader(s pb.OrderService_ChatServer) error {
	return s.SetHeader(metadata.MD{"Took": {"1s"}}) // want `the client never gets it, sending it fails: the key "Took"`
}

// What follows is right, or not seen to be sent.

func lowered(ctx context.Context) context.Context {
	return send.With(ctx, metadata.Pairs("X-Id", "1"))
}

func fresh(ctx context.Context) context.Context {
	return send.With(ctx, metadata.New(map[string]string{"X-Id": "1"}))
}

func set(ctx context.Context) context.Context {
	md := metadata.MD{}
	md.Set("X-Id", "1")
	return send.With(ctx, md)
}

func appended(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "X-Id", "1")
}

func incoming(ctx context.Context) context.Context {
	return metadata.NewIncomingContext(ctx, metadata.MD{"X-Id": {"1"}})
}

func keeps() { send.Keep(metadata.MD{"X-Id": {"1"}}) }

func lower(ctx context.Context) context.Context {
	return send.With(ctx, metadata.MD{"x-id": {"1"}})
}

func variable(ctx context.Context, key string) context.Context {
	return send.With(ctx, metadata.MD{key: {"1"}})
}

func returned() metadata.MD { return metadata.MD{"X-Id": {"1"}} }
