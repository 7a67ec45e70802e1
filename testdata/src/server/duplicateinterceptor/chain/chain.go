// Package chain has options for servers.
package chain

import (
	"context"

	"google.golang.org/grpc"
)

// Log lets every RPC through.
func Log(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	return next(ctx, req)
}

// Defaults returns one interceptor.
func Defaults() []grpc.ServerOption { return []grpc.ServerOption{grpc.UnaryInterceptor(Log)} }

// Chained returns a chain of one.
func Chained() []grpc.ServerOption { return []grpc.ServerOption{grpc.ChainUnaryInterceptor(Log)} }
