// Package build makes servers for others.
package build

import (
	"log"
	"net"

	"google.golang.org/grpc"
)

// Server makes one.
func Server(opts ...grpc.ServerOption) *grpc.Server {
	return grpc.NewServer(append([]grpc.ServerOption{grpc.MaxRecvMsgSize(1 << 20)}, opts...)...)
}

// Kept makes one, and sees to it.
func Kept() *grpc.Server {
	s := grpc.NewServer()
	kept = append(kept, s)
	return s
}

var kept []*grpc.Server

// StopAll stops what was made.
func StopAll() {
	for _, s := range kept {
		s.Stop()
	}
}

// Running makes one that serves.
func Running(l net.Listener) *grpc.Server {
	s := grpc.NewServer()
	go func() { log.Print(s.Serve(l)) }()
	return s
}

// Either makes one of two.
func Either(large bool) *grpc.Server {
	if large {
		return grpc.NewServer(grpc.MaxRecvMsgSize(1 << 30))
	}
	return grpc.NewServer()
}
