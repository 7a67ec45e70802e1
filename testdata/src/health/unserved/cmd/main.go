// Command cmd serves what a client of another package asks for, and has no
// health service.
package main

import (
	"log"
	"net"

	"google.golang.org/grpc"
	_ "google.golang.org/grpc/health"

	"example.com/testdata/health/unserved/client"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

func main() { // want `health checking is silently off: the program that serves OrderService has no health service`
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, &server{})
	conn, err := client.Orders("dns:///" + l.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	if err := s.Serve(l); err != nil {
		log.Print(err)
	}
}
