// Package keepalive keeps connections alive.
package keepalive

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

func aged() *grpc.Server {
	return grpc.NewServer(grpc.KeepaliveParams(keepalive.ServerParameters{
		MaxConnectionAge: 30 * time.Minute, // want `streams keep connections open whatever their age: MaxConnectionAge is set without MaxConnectionAgeGrace \[server/keepalive\]`
	}))
}

func pings() *grpc.Server {
	return grpc.NewServer(grpc.KeepaliveParams(keepalive.ServerParameters{
		Time:    30 * time.Second, // want `clients that ping every 30s are disconnected: Time is for pings of the server, theirs need an enforcement policy`
		Timeout: 10 * time.Second,
	}))
}

// What follows is right, or not known to be wrong.

func graced() *grpc.Server {
	return grpc.NewServer(grpc.KeepaliveParams(keepalive.ServerParameters{MaxConnectionAge: time.Hour, MaxConnectionAgeGrace: time.Minute}))
}

func enforced() *grpc.Server {
	return grpc.NewServer(
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: 30 * time.Second}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 30 * time.Second}),
	)
}

func given(params keepalive.ServerParameters, opts ...grpc.ServerOption) *grpc.Server {
	return grpc.NewServer(append(opts, grpc.KeepaliveParams(params), grpc.KeepaliveParams(keepalive.ServerParameters{Time: time.Minute}))...)
}
