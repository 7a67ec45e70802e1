// Package rpc runs servers, for handlers that others choose.
package rpc

import (
	"context"
	"net"
	"os"
	"os/signal"
	"syscall"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
)

func auth(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	if len(md.Get("authorization")) == 0 {
		return nil, status.Error(codes.Unauthenticated, "who are you")
	}
	return next(ctx, req)
}

// Serve serves orders until a signal comes.
func Serve(lis net.Listener, orders orderpb.OrderServiceServer) error {
	s := grpc.NewServer(grpc.UnaryInterceptor(auth)) // want "whoever connects can call WatchOrders: callers are checked in a unary interceptor, and it is a stream"
	orderpb.RegisterOrderServiceServer(s, orders)
	go func() {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGTERM)
		<-signals
		s.GracefulStop() // want "the shutdown waits for as long as clients like: GracefulStop does not end WatchOrders, and nothing calls Stop"
	}()
	return s.Serve(lis)
}
