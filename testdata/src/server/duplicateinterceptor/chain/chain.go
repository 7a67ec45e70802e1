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

// New makes a server.
func New(opts ...grpc.ServerOption) *grpc.Server { return grpc.NewServer(opts...) }

// Dial makes a connection.
func Dial(target string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(target, opts...)
}

// A Config has options for a server.
type Config struct{ Options []grpc.ServerOption }
