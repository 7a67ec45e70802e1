// Command own has a health service of its own.
package main

import (
	"context"
	"log"
	"net"

	"google.golang.org/grpc"
	_ "google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"example.com/testdata/health/unserved/client"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

type always struct {
	healthpb.UnimplementedHealthServer
}

func (always) Check(context.Context, *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	return &healthpb.HealthCheckResponse{Status: healthpb.HealthCheckResponse_SERVING}, nil
}

func main() {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, &server{})
	healthpb.RegisterHealthServer(s, always{})
	conn, err := client.Orders("dns:///" + l.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	if err := s.Serve(l); err != nil {
		log.Print(err)
	}
}
