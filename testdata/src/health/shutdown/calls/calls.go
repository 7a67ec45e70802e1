// Package calls says that a server stops before it does.
package calls

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
		status.Shutdown()
		time.AfterFunc(10*time.Second, s.Stop)
		s.GracefulStop()
	}()
	return s.Serve(l)
}
