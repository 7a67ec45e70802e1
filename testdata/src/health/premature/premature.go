// Package premature answers probes on a port of their own.
package premature

import (
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"example.com/testdata/health/premature/probes"
	pb "example.com/testdata/stubs/orderpb"
)

func implicit(orders pb.OrderServiceServer, port net.Listener, address string) error {
	status := health.NewServer() // want `clients are sent here too early: a new health service says SERVING, and can be asked, before the server listens \[health/premature\]`
	p := grpc.NewServer()
	healthpb.RegisterHealthServer(p, status)
	go func() { _ = p.Serve(port) }()

	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, orders)
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return s.Serve(l)
}

func explicit(orders pb.OrderServiceServer, port net.Listener, address string) error {
	s, p, status := grpc.NewServer(), grpc.NewServer(), health.NewServer()
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(p, status)
	status.SetServingStatus("example.order.v1.OrderService", healthpb.HealthCheckResponse_SERVING) // want `this says SERVING, and can be asked, before the server listens`
	go p.Serve(port)
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return s.Serve(l)
}

func afterwards(orders pb.OrderServiceServer, port net.Listener, address string) error {
	s, p, status := grpc.NewServer(), grpc.NewServer(), health.NewServer()
	status.SetServingStatus("", healthpb.HealthCheckResponse_NOT_SERVING)
	pb.RegisterOrderServiceServer(s, orders)
	healthpb.RegisterHealthServer(p, status)
	go func() { _ = p.Serve(port) }()
	status.SetServingStatus("", healthpb.HealthCheckResponse_SERVING) // want `this says SERVING`
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	go func() { _ = s.Serve(l) }()
	return nil
}

func byHelper(orders pb.OrderServiceServer, port net.Listener, address string) error {
	status := health.NewServer() // want `a new health service says SERVING`
	p := grpc.NewServer()
	healthpb.RegisterHealthServer(p, status)
	probes.Start(p, port)

	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, orders)
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return s.Serve(l)
}

func onBoth(orders, others pb.OrderServiceServer, port net.Listener, address string) error {
	status := health.NewServer() // want `a new health service says SERVING`
	first, second := grpc.NewServer(), grpc.NewServer()
	healthpb.RegisterHealthServer(first, status) // want `gets NOT_FOUND`
	pb.RegisterOrderServiceServer(first, others)
	pb.RegisterOrderServiceServer(second, orders)
	go func() { _ = first.Serve(port) }()
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return second.Serve(l)
}
