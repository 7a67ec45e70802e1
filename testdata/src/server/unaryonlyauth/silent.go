package unaryonlyauth

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"

	"example.com/testdata/server/unaryonlyauth/auth"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/pluginpb"
)

// What follows is right, or not known to be wrong.

func both() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(check), grpc.StreamInterceptor(auth.Stream))
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

func logs() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(auth.Log))
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

type unaryOnly struct {
	orderpb.UnimplementedOrderServiceServer
}

func withoutStreams() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(check))
	orderpb.RegisterOrderServiceServer(s, unaryOnly{})
	reflection.Register(s)
	grpc_health_v1.RegisterHealthServer(s, health.NewServer())
	return s
}

type checksItself struct {
	orderpb.UnimplementedOrderServiceServer
}

func (checksItself) WatchOrders(_ *orderpb.WatchOrdersRequest, stream orderpb.OrderService_WatchOrdersServer) error {
	if err := auth.Check(stream.Context()); err != nil {
		return err
	}
	return stream.Send(&orderpb.OrderEvent{})
}

func checkedInside() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(check))
	orderpb.RegisterOrderServiceServer(s, checksItself{})
	return s
}

type asksOthers struct {
	orderpb.UnimplementedOrderServiceServer
	who interface {
		Allow(orderpb.OrderService_WatchOrdersServer) error
	}
}

func (a asksOthers) WatchOrders(_ *orderpb.WatchOrdersRequest, stream orderpb.OrderService_WatchOrdersServer) error {
	if err := a.who.Allow(stream); err != nil {
		return err
	}
	return stream.Send(&orderpb.OrderEvent{})
}

func asked(a asksOthers) *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(check))
	orderpb.RegisterOrderServiceServer(s, a)
	return s
}

func given(opts ...grpc.ServerOption) *grpc.Server {
	s := grpc.NewServer(append(opts, grpc.UnaryInterceptor(check))...)
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

func unknown(srv orderpb.OrderServiceServer) *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(check))
	orderpb.RegisterOrderServiceServer(s, srv)
	return s
}

func other(srv *pluginpb.UnimplementedPluginServiceServer) *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(check))
	pluginpb.RegisterPluginServiceServer(s, srv)
	return s
}
