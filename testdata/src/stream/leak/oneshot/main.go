// Command oneshot asks for one order.
package main

import (
	"context"
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
)

func main() {
	conn, err := grpc.NewClient("localhost:8080", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	if err := first(pb.NewOrderServiceClient(conn)); err != nil {
		log.Fatal(err)
	}
}

func first(c pb.OrderServiceClient) error {
	stream, err := c.WatchOrders(context.Background(), nil) // want info `the stream of WatchOrders and its goroutine leak`
	if err != nil {
		return err
	}
	_, err = stream.Recv()
	return err
}
