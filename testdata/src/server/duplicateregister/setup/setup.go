// Package setup registers services on servers of others.
package setup

import (
	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
)

// Orders registers one service.
func Orders(s grpc.ServiceRegistrar, orders orderpb.OrderServiceServer) {
	orderpb.RegisterOrderServiceServer(s, orders)
}

// Maybe registers it if asked to.
func Maybe(s grpc.ServiceRegistrar, orders orderpb.OrderServiceServer) {
	if orders != nil {
		orderpb.RegisterOrderServiceServer(s, orders)
	}
}
