// Package imported gets its health services from another package.
package imported

import (
	"net"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"example.com/testdata/health/premature/probes"
	pb "example.com/testdata/stubs/orderpb"
)

func early(orders pb.OrderServiceServer, port net.Listener, address string) error {
	status := probes.New() // want `a new health service says SERVING, and can be asked, before the server listens \[health/premature\]`
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

// Silent: it begins as NOT_SERVING.
func quiet(orders pb.OrderServiceServer, port net.Listener, address string) error {
	status := probes.NewQuiet()
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

func said(orders pb.OrderServiceServer, port net.Listener, address string) error {
	status := probes.New()
	probes.Ready(status) // want `this says SERVING, and can be asked, before the server listens`
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

// Silent: so it says elsewhere.
func waits(orders pb.OrderServiceServer, port net.Listener, address string) error {
	status := probes.New()
	probes.Wait(status)
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

// Silent: others may say that it is not ready.
func common(orders pb.OrderServiceServer, port net.Listener, address string) error {
	status := probes.OfAll()
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

var _ = []any{early, quiet, said, waits, common}
