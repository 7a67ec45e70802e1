// Package shutdown stops servers.
package shutdown

import (
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	pb "example.com/testdata/stubs/orderpb"
)

func run(orders pb.OrderServiceServer, l net.Listener, stop <-chan struct{}) error {
	s, status := grpc.NewServer(), health.NewServer()
	status.SetServingStatus("example.order.v1.OrderService", healthpb.HealthCheckResponse_SERVING)
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(s, status)
	go func() {
		<-stop
		time.AfterFunc(10*time.Second, s.Stop)
		s.GracefulStop() // want `clients are sent to a server that stops: its health service says SERVING until the end, nobody calls Shutdown \[health/shutdown\]`
	}()
	return s.Serve(l)
}

type service struct {
	grpc   *grpc.Server
	status *health.Server
}

func newService(orders pb.OrderServiceServer) *service {
	s := &service{grpc: grpc.NewServer(), status: health.NewServer()}
	s.status.SetServingStatus("example.order.v1.OrderService", healthpb.HealthCheckResponse_SERVING)
	pb.RegisterOrderServiceServer(s.grpc, orders)
	healthpb.RegisterHealthServer(s.grpc, s.status)
	return s
}

func (s *service) stop() {
	time.AfterFunc(10*time.Second, s.grpc.Stop)
	s.grpc.GracefulStop() // want `nobody calls Shutdown`
}

// What follows is right.

func without(orders pb.OrderServiceServer, l net.Listener, stop <-chan struct{}) error {
	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, orders)
	go func() {
		<-stop
		time.AfterFunc(10*time.Second, s.Stop)
		s.GracefulStop()
	}()
	return s.Serve(l)
}

func handedOut(orders pb.OrderServiceServer, l net.Listener, stop <-chan *health.Server, out chan<- *health.Server) error {
	s, status := grpc.NewServer(), health.NewServer()
	status.SetServingStatus("example.order.v1.OrderService", healthpb.HealthCheckResponse_SERVING)
	out <- status
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(s, status)
	go func() {
		<-stop
		time.AfterFunc(10*time.Second, s.Stop)
		s.GracefulStop()
	}()
	return s.Serve(l)
}
