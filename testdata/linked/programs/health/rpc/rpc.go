// Package rpc makes servers, for handlers and a health server that others
// choose.
package rpc

import (
	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"example.com/testdata/stubs/orderpb"
)

func New(orders orderpb.OrderServiceServer, health healthpb.HealthServer) *grpc.Server {
	s := grpc.NewServer()
	healthpb.RegisterHealthServer(s, health)
	orderpb.RegisterOrderServiceServer(s, orders)
	return s
}
