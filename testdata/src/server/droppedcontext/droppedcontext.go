// Package droppedcontext has interceptors that make contexts.
package droppedcontext

import (
	"context"
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/server/droppedcontext/user"
)

type key struct{}

func logs(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	named := context.WithValue(ctx, key{}, info.FullMethod) // related `the context for it`
	log.Println(named.Value(key{}))
	return handler(ctx, req) // want `handlers do not get what context.WithValue puts into the context: handler gets ctx \[server/dropped-context\]`
}

func incoming(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	md = md.Copy()
	md.Set("seen", "yes")
	seen := metadata.NewIncomingContext(ctx, md)
	if seen.Err() != nil {
		return nil, seen.Err()
	}
	return handler(ctx, req) // want `handlers do not get what metadata.NewIncomingContext puts into the context: handler gets ctx`
}

func shadows(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if info.FullMethod != "" {
		ctx := context.WithValue(ctx, key{}, 1)
		log.Println("with", ctx.Value(key{}))
	}
	return handler(ctx, req) // want `handlers do not get what context.WithValue puts into the context`
}

func own(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	with(ctx, "a")
	return handler(ctx, req) // want `handlers do not get what with puts into the context`
}

func with(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, key{}, name)
}

func elsewhere(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	known := user.With(ctx, "a")
	if known.Err() != nil {
		return nil, known.Err()
	}
	return handler(ctx, req) // want `handlers do not get what user.With puts into the context`
}

func byOthers(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	known := user.With(ctx, "a")
	if known.Err() != nil {
		return nil, known.Err()
	}
	return user.Next(handler, req, ctx) // want `handlers do not get what user.With puts into the context: handler gets ctx`
}
