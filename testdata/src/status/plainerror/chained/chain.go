// Package chained puts interceptors in a row, none of which converts errors.
package chained

import (
	"context"

	"google.golang.org/grpc"
)

// chain calls one after the other.
func chain(list ...grpc.UnaryServerInterceptor) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		next := handler
		for i := len(list) - 1; i > 0; i-- {
			next = wrap(list[i], info, next)
		}
		return list[0](ctx, req, info, next)
	}
}

func wrap(one grpc.UnaryServerInterceptor, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) grpc.UnaryHandler {
	return func(ctx context.Context, req any) (any, error) {
		return one(ctx, req, info, next)
	}
}

// inline does the same with literals alone.
func inline(list ...grpc.StreamServerInterceptor) grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		current := handler
		for i := len(list) - 1; i > 0; i-- {
			inner, i := current, i
			current = func(srv any, stream grpc.ServerStream) error {
				return list[i](srv, stream, info, inner)
			}
		}
		return list[0](srv, stream, info, current)
	}
}
