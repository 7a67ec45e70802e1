// Command worker polls for ever: nobody sees it hang.
package main

import (
	"context"
	"log"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
)

func main() {
	conn, err := grpc.NewClient("dns:///orders", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	c := pb.NewOrderServiceClient(conn)
	for {
		if _, err := c.GetOrder(context.Background(), nil); err != nil { // want `OrderService.GetOrder can hang`
			log.Print(err)
		}
		time.Sleep(time.Minute)
	}
}
