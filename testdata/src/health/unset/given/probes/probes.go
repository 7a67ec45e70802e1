// Package probes registers health services.
package probes

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// Register registers a new one.
func Register(s *grpc.Server) { healthpb.RegisterHealthServer(s, health.NewServer()) }

// RegisterAs registers one.
func RegisterAs(s *grpc.Server, status *health.Server) { healthpb.RegisterHealthServer(s, status) }

// Serving says how a service is.
func Serving(status *health.Server, name string) {
	status.SetServingStatus(name, healthpb.HealthCheckResponse_SERVING)
}
