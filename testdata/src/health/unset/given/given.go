// Package given lets another package register its health services.
package given

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"example.com/testdata/health/unset/given/probes"
	pb "example.com/testdata/stubs/orderpb"
)

func fresh(orders pb.OrderServiceServer) {
	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, orders)
	probes.Register(s) // want `who asks for the health of a service gets NOT_FOUND` at "probes.Register(s)"
}

func whole(orders pb.OrderServiceServer) {
	s, status := grpc.NewServer(), health.NewServer()
	probes.Serving(status, "")
	probes.RegisterAs(s, status) // want `who asks for the health of a service gets NOT_FOUND`
	pb.RegisterOrderServiceServer(s, orders)
}

func named(orders pb.OrderServiceServer) {
	s, status := grpc.NewServer(), health.NewServer()
	probes.Serving(status, "example.order.v1.OrderService")
	probes.RegisterAs(s, status)
	pb.RegisterOrderServiceServer(s, orders)
}

var _ = []any{fresh, whole, named, healthpb.RegisterHealthServer}
