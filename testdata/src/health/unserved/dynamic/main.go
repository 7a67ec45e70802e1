// Command dynamic says of all of its services that they are well.
package main

import (
	"log"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"example.com/testdata/health/unserved/client"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

func main() {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, &server{})
	status := health.NewServer()
	healthpb.RegisterHealthServer(s, status)
	for service := range s.GetServiceInfo() {
		status.SetServingStatus(service, healthpb.HealthCheckResponse_SERVING)
	}
	conn, err := client.Orders("dns:///" + l.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	if err := s.Serve(l); err != nil {
		log.Print(err)
	}
}
