// Package unaryonlyauth serves those who may.
package unaryonlyauth

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/testdata/server/unaryonlyauth/auth"
	"example.com/testdata/stubs/orderpb"
)

type orders struct {
	orderpb.UnimplementedOrderServiceServer
}

func (orders) WatchOrders(_ *orderpb.WatchOrdersRequest, stream orderpb.OrderService_WatchOrdersServer) error {
	return stream.Send(&orderpb.OrderEvent{})
}

func check(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	md, ok := metadata.FromIncomingContext(ctx)
	if !ok || len(md.Get("authorization")) == 0 {
		return nil, status.Error(codes.Unauthenticated, "no token")
	}
	return next(ctx, req)
}

func own() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(check)) // want `whoever connects can call WatchOrders: callers are checked in a unary interceptor, and it is a stream \[server/unary-only-auth\]`
	orderpb.RegisterOrderServiceServer(s, orders{})   // related `registered here`
	return s
}

func chained() *grpc.Server {
	s := grpc.NewServer(grpc.ChainUnaryInterceptor(auth.Log, check), grpc.MaxRecvMsgSize(1<<20)) // want `whoever connects can call WatchOrders`
	orderpb.RegisterOrderServiceServer(s, &orders{})
	return s
}

func elsewhere() *grpc.Server {
	s := grpc.NewServer(grpc.ChainUnaryInterceptor(auth.Unary())) // want `whoever connects can call WatchOrders`
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

type guard struct{ token string }

func (g *guard) unary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	if err := g.allows(ctx); err != nil {
		return nil, err
	}
	return next(ctx, req)
}

func (g *guard) allows(ctx context.Context) error {
	if v := metadata.ValueFromIncomingContext(ctx, "token"); len(v) == 0 || v[0] != g.token {
		return status.Error(codes.PermissionDenied, "wrong token")
	}
	return nil
}

type app struct {
	server *grpc.Server
	guard  *guard
	orders orders
}

func (a *app) build() {
	a.server = grpc.NewServer(grpc.UnaryInterceptor(a.guard.unary)) // want `whoever connects can call WatchOrders`
	orderpb.RegisterOrderServiceServer(a.server, a.orders)
}

func literal() *grpc.Server {
	opts := []grpc.ServerOption{
		grpc.UnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) { // want `whoever connects can call WatchOrders`
			if err := auth.Check(ctx); err != nil {
				return nil, err
			}
			return next(ctx, req)
		}),
	}
	s := grpc.NewServer(opts...)
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}
