// Package reserved sends keys that belong to gRPC.
package reserved

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

func agent(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "user-agent", "shop/1.0") // want `never arrives: gRPC keeps the key "user-agent" for itself and leaves it out \[metadata/reserved\]`
}

func timeout(ctx context.Context) context.Context {
	md, _ := metadata.FromOutgoingContext(ctx)
	md = metadata.Join(md, metadata.Pairs("Grpc-Timeout", "5S")) // want `the key "Grpc-Timeout"`
	return metadata.NewOutgoingContext(ctx, md)
}

func status(ctx context.Context) error {
	return grpc.SetTrailer(ctx, metadata.Pairs("grpc-status", "5")) // want `the key "grpc-status"`
}

func contentType(s grpc.ServerStream) error {
	return s.SetHeader(metadata.MD{"content-type": {"application/json"}}) // want `the key "content-type"`
}

func authority(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "x-id", "1", ":authority", "shop") // want `the key ":authority"`
}

// What follows is right, or not seen to be sent.

func pushback(ctx context.Context) error {
	return grpc.SetTrailer(ctx, metadata.Pairs("grpc-retry-pushback-ms", "100"))
}

func attempts(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "grpc-previous-rpc-attempts", "1")
}

func ownKey(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "x-user-agent", "shop/1.0")
}

func incoming(ctx context.Context) context.Context {
	return metadata.NewIncomingContext(ctx, metadata.Pairs("user-agent", "test"))
}

func read(md metadata.MD) []string { return md.Get("user-agent") }

func notSent() metadata.MD { return metadata.Pairs("content-type", "application/grpc") }

func variable(ctx context.Context, key string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, key, "1")
}

func tracing(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "grpc-trace-bin", "1")
}
