// Command oneshot makes one call and ends: its user sees it hang.
package main

import (
	"context"
	"log"

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
	ctx := context.Background() // want info `OrderService.GetOrder can hang`
	if _, err := pb.NewOrderServiceClient(conn).GetOrder(ctx, nil); err != nil {
		log.Print(err)
	}
}
