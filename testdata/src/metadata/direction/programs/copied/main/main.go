// Command main has its client send on what it has received.
package main

import (
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/metadata/direction/programs/copied/asks"
	"example.com/testdata/metadata/direction/programs/copied/headers"
	pb "example.com/testdata/stubs/orderpb"
)

func main() {
	conn, err := grpc.NewClient("dns:///orders", grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithUnaryInterceptor(headers.Interceptor))
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	c := pb.NewOrderServiceClient(conn)
	for _, ask := range []func(pb.OrderServiceClient) (*pb.Order, error){asks.Ask, asks.AskAs} {
		if _, err := ask(c); err != nil {
			log.Print(err)
		}
	}
}
