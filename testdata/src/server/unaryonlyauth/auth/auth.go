// Package auth asks who calls.
package auth

import (
	"context"
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Check refuses those without a token.
func Check(ctx context.Context) error {
	if len(metadata.ValueFromIncomingContext(ctx, "authorization")) == 0 {
		return status.Error(codes.Unauthenticated, "no token")
	}
	return nil
}

// Unary checks callers.
func Unary() grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		if err := Check(ctx); err != nil {
			return nil, err
		}
		return next(ctx, req)
	}
}

// Stream checks callers of streams.
func Stream(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	if err := Check(ss.Context()); err != nil {
		return err
	}
	return next(srv, ss)
}

// Log lets everybody through.
func Log(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	return next(ctx, req)
}

// UnaryBy checks callers as a function says.
func UnaryBy(allow func(context.Context) error) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		if err := allow(ctx); err != nil {
			return nil, err
		}
		return next(ctx, req)
	}
}

// LogStreams lets everybody through.
func LogStreams(prefix string) grpc.StreamServerInterceptor {
	return func(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		err := next(srv, ss)
		log.Print(prefix, info.FullMethod, err)
		return err
	}
}

// SomeStreams refuses what it does not know.
func SomeStreams(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	if known == nil || !known(info.FullMethod) {
		return status.Error(codes.Unavailable, "not now")
	}
	return next(srv, ss)
}

var known func(string) bool

// Option is what servers are made with that let only those in who may.
func Option() grpc.ServerOption { return grpc.ChainUnaryInterceptor(Unary()) }
