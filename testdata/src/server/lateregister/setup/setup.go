// Package setup does things to servers of others.
package setup

import (
	"net"

	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
)

// Register registers all there is.
func Register(s grpc.ServiceRegistrar, orders orderpb.OrderServiceServer) {
	orderpb.RegisterOrderServiceServer(s, orders)
}

// Run serves.
func Run(s *grpc.Server, l net.Listener) error { return s.Serve(l) }
