// Package rpc makes servers, for handlers that others choose.
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

// New returns a server for orders.
func New(orders orderpb.OrderServiceServer) *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(auth))
	orderpb.RegisterOrderServiceServer(s, orders)
	return s
}

// Serve serves orders until a signal comes.
func Serve(lis net.Listener, orders orderpb.OrderServiceServer) error {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, orders)
	go func() {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGTERM)
		<-signals
		s.GracefulStop()
	}()
	return s.Serve(lis)
}
