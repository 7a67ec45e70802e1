package premature

import (
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	pb "example.com/testdata/stubs/orderpb"
)

// Who cannot reach the server cannot ask it.
func same(orders pb.OrderServiceServer, address string) error {
	s, status := grpc.NewServer(), health.NewServer()
	status.SetServingStatus("example.order.v1.OrderService", healthpb.HealthCheckResponse_SERVING)
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(s, status)
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return s.Serve(l)
}

func inOrder(orders pb.OrderServiceServer, port net.Listener, address string) error {
	status := health.NewServer()
	status.SetServingStatus("", healthpb.HealthCheckResponse_NOT_SERVING)
	s, p := grpc.NewServer(), grpc.NewServer()
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(p, status)
	go func() { _ = p.Serve(port) }()
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	status.SetServingStatus("", healthpb.HealthCheckResponse_SERVING)
	return s.Serve(l)
}

// Connections wait in the listener until it is served.
func listensFirst(orders pb.OrderServiceServer, port net.Listener, address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	s, p := grpc.NewServer(), grpc.NewServer()
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(p, health.NewServer())
	go func() { _ = p.Serve(port) }()
	return s.Serve(l)
}

func givenListener(orders pb.OrderServiceServer, port, l net.Listener) error {
	s, p := grpc.NewServer(), grpc.NewServer()
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(p, health.NewServer())
	go func() { _ = p.Serve(port) }()
	return s.Serve(l)
}

func shutFirst(orders pb.OrderServiceServer, port net.Listener, address string) error {
	s, p, status := grpc.NewServer(), grpc.NewServer(), health.NewServer()
	status.Shutdown()
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(p, status)
	go func() { _ = p.Serve(port) }()
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return s.Serve(l)
}

func watched(orders pb.OrderServiceServer, port net.Listener, address string, watch func(*health.Server)) error {
	s, p, status := grpc.NewServer(), grpc.NewServer(), health.NewServer()
	watch(status)
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(p, status)
	go func() { _ = p.Serve(port) }()
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return s.Serve(l)
}

func byState(orders pb.OrderServiceServer, port net.Listener, address string, state healthpb.HealthCheckResponse_ServingStatus) error {
	s, p, status := grpc.NewServer(), grpc.NewServer(), health.NewServer()
	status.SetServingStatus("", state)
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(p, status)
	go func() { _ = p.Serve(port) }()
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return s.Serve(l)
}

// The other server has nothing but tools for developers.
func tools(port net.Listener, address string) error {
	s, p := grpc.NewServer(), grpc.NewServer()
	healthpb.RegisterHealthServer(p, health.NewServer())
	go func() { _ = p.Serve(port) }()
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return s.Serve(l)
}
