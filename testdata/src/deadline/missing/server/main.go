// Command server serves.
package main

import (
	"context"
	"log"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

func main() {
	conn, err := grpc.NewClient("dns:///orders", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	if _, err := pb.NewOrderServiceClient(conn).GetOrder(context.Background(), nil); err != nil { // want `OrderService.GetOrder can hang`
		log.Print(err)
	}
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Print(err)
		return
	}
	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, server{})
	log.Print(s.Serve(l))
}
