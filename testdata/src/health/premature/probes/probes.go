// Package probes serves on a port for probes.
package probes

import (
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// Start serves in the background.
func Start(s *grpc.Server, port net.Listener) {
	go func() { _ = s.Serve(port) }()
}

// New makes a health service.
func New() *health.Server { return health.NewServer() }

// NewQuiet makes one that is not ready.
func NewQuiet() *health.Server {
	status := health.NewServer()
	status.SetServingStatus("", healthpb.HealthCheckResponse_NOT_SERVING)
	return status
}

// Ready says that all is well.
func Ready(status *health.Server) { status.SetServingStatus("", healthpb.HealthCheckResponse_SERVING) }

// Wait says that it is not ready.
func Wait(status *health.Server) {
	status.SetServingStatus("", healthpb.HealthCheckResponse_NOT_SERVING)
}

// Common is for all servers, and whoever knows it may say how they are.
var Common = health.NewServer()

// OfAll is the common one.
func OfAll() *health.Server { return Common }
