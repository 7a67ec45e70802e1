// Package norecovery builds servers.
package norecovery

import (
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"

	"example.com/testdata/server/norecovery/build"
	"example.com/testdata/server/unaryonlyauth/auth"
	"example.com/testdata/stubs/orderpb"
)

type orders struct {
	orderpb.UnimplementedOrderServiceServer
}

func bare() *grpc.Server {
	s := grpc.NewServer() // want `a panic in one RPC ends the process and all others: no interceptor of the server recovers \[server/no-recovery\]`
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

func logs() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(auth.Log), grpc.MaxRecvMsgSize(1<<20)) // want `a panic in one RPC ends the process`
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

// What follows is right, or not known to be wrong.

func onlyHealth() *grpc.Server {
	s := grpc.NewServer()
	grpc_health_v1.RegisterHealthServer(s, health.NewServer())
	return s
}

func given(opts ...grpc.ServerOption) *grpc.Server {
	s := grpc.NewServer(opts...)
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

func unknown(chain grpc.UnaryServerInterceptor) *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(chain))
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

// Made by another package, which tells what of.

func built() *grpc.Server {
	s := build.Server(grpc.UnaryInterceptor(auth.Log)) // want `a panic in one RPC ends the process`
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

func builtWithOthers(opts ...grpc.ServerOption) *grpc.Server {
	s := build.Server(opts...)
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

func builtSomehow(l net.Listener) {
	orderpb.RegisterOrderServiceServer(build.Kept(), orders{})
	orderpb.RegisterOrderServiceServer(build.Running(l), orders{})
	orderpb.RegisterOrderServiceServer(build.Either(true), orders{})
}
