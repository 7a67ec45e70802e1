// Package unset registers health services.
package unset

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"

	pb "example.com/testdata/stubs/orderpb"
)

func fresh(orders pb.OrderServiceServer) {
	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(s, health.NewServer()) // want `who asks for the health of a service gets NOT_FOUND: only that of the whole server is ever set \[health/unset\]`
}

func whole(orders pb.OrderServiceServer) {
	s, status := grpc.NewServer(), health.NewServer()
	status.SetServingStatus("", healthpb.HealthCheckResponse_SERVING)
	healthpb.RegisterHealthServer(s, status) // want `who asks for the health of a service gets NOT_FOUND`
	pb.RegisterOrderServiceServer(s, orders)
}

// What follows is right.

func named(orders pb.OrderServiceServer) {
	s, status := grpc.NewServer(), health.NewServer()
	status.SetServingStatus("example.order.v1.OrderService", healthpb.HealthCheckResponse_SERVING)
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(s, status)
}

func all(orders pb.OrderServiceServer) {
	s, status := grpc.NewServer(), health.NewServer()
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(s, status)
	for name := range s.GetServiceInfo() {
		status.SetServingStatus(name, healthpb.HealthCheckResponse_SERVING)
	}
}

func alone() {
	s := grpc.NewServer()
	healthpb.RegisterHealthServer(s, health.NewServer())
	reflection.Register(s)
}

func returned(orders pb.OrderServiceServer) *health.Server {
	s, status := grpc.NewServer(), health.NewServer()
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(s, status)
	return status
}
