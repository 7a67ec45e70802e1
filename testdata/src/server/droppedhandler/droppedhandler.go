// Package droppedhandler has interceptors.
package droppedhandler

import (
	"context"
	"log"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

func unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	md, ok := metadata.FromIncomingContext(ctx)
	if !ok {
		return nil, nil // want `clients get OK although no handler has run: unary returns nil without calling handler \[server/dropped-handler\]`
	}
	log.Println(md, info.FullMethod)
	return handler(ctx, req)
}

func streams(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if ss.Context().Err() == nil && strings.HasPrefix(info.FullMethod, "/old.") {
		log.Println("refused", info.FullMethod)
		return nil // want `clients get OK although no handler has run: streams returns nil without calling handler`
	}
	return handler(srv, ss)
}

type limiter struct{ left int }

func (l *limiter) limit(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	switch {
	case l.left > 0:
		return next(ctx, req)
	default:
		return nil, nil // want `limit returns nil without calling next`
	}
}

func made(methods map[string]bool) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		if methods[info.FullMethod] {
			return handler(ctx, req)
		}
		return nil, nil // want `the interceptor of made returns nil without calling handler`
	}
}

func client(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	if strings.HasSuffix(method, "/Delete") {
		return nil // want warning `callers take for done what was never sent: client returns nil without calling invoker`
	}
	return invoker(ctx, method, req, reply, cc, opts...)
}

func opens(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, method string, streamer grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	if desc.ClientStreams {
		return nil, nil // want warning `callers take for done what was never sent: opens returns nil without calling streamer`
	}
	return streamer(ctx, desc, cc, method, opts...)
}
