// Package duplicateinterceptor makes servers and connections.
package duplicateinterceptor

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/tap"

	"example.com/testdata/server/duplicateinterceptor/chain"
)

func unary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	return next(ctx, req)
}

func stream(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	return next(srv, ss)
}

func both() *grpc.Server {
	return grpc.NewServer(
		grpc.UnaryInterceptor(unary), // related `the first one`
		grpc.UnaryInterceptor(unary), // want `grpc.NewServer panics: it gets a second unary interceptor \[server/duplicate-interceptor\]`
	)
}

func appended(trace bool) *grpc.Server {
	opts := []grpc.ServerOption{grpc.StreamInterceptor(stream), grpc.MaxRecvMsgSize(1 << 20)}
	if trace {
		opts = append(opts, grpc.StreamInterceptor(stream)) // want `grpc.NewServer panics: it gets a second stream interceptor`
	}
	return grpc.NewServer(opts...)
}

func helped() *grpc.Server {
	return grpc.NewServer(append(defaults(), grpc.UnaryInterceptor(unary))...) // want `grpc.NewServer panics: it gets a second unary interceptor`
}

func defaults() []grpc.ServerOption {
	return []grpc.ServerOption{grpc.UnaryInterceptor(unary)}
}

func elsewhere() *grpc.Server {
	return grpc.NewServer(append(chain.Defaults(), grpc.UnaryInterceptor(unary))...) // want `grpc.NewServer panics: it gets a second unary interceptor`
}

func taps() *grpc.Server {
	tapped := func(ctx context.Context, _ *tap.Info) (context.Context, error) { return ctx, nil }
	return grpc.NewServer(grpc.InTapHandle(tapped), grpc.InTapHandle(tapped)) // want `grpc.NewServer panics: it gets a second tap handle`
}

func client(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	return invoke(ctx, method, req, reply, cc, opts...)
}

func connect() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders:443", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithUnaryInterceptor(client),
		grpc.WithUnaryInterceptor(client), // want warning `the first unary interceptor never runs: a second grpc.WithUnaryInterceptor replaces it`
	)
}
