package droppedcontext

import (
	"context"
	"log"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Silent.

func cancelled(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	bounded, cancel := withBoth(ctx)
	defer cancel()
	log.Println(bounded.Err())
	return handler(bounded, req)
}

func withBoth(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithValue(ctx, key{}, "both"), time.Second)
}

func hooked(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	hook(context.WithValue(ctx, key{}, "a"))
	return handler(ctx, req)
}

var hook func(context.Context)

func counted(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	named := context.WithValue(ctx, key{}, "a")
	if size(named) > 10 {
		return nil, status.Error(codes.ResourceExhausted, "too many")
	}
	return handler(ctx, req)
}

func size(ctx context.Context) int { return len(ctx.Value(key{}).(string)) }

func method(l *log.Logger) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		store(ctx).save(context.WithValue(ctx, key{}, "a"))
		return handler(ctx, req)
	}
}

type shelf interface{ save(context.Context) }

func store(ctx context.Context) shelf { return ctx.Value(key{}).(shelf) }
