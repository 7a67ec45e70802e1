// Command webmain serves by way of a package that has nothing to do with
// contexts.
package main

import (
	"context"
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/deadline/missing/web"
	pb "example.com/testdata/stubs/orderpb"
)

func main() {
	conn, err := grpc.NewClient("dns:///orders", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	if _, err := pb.NewOrderServiceClient(conn).GetOrder(context.Background(), nil); err != nil { // want `OrderService.GetOrder can hang`
		log.Print(err)
	}
	log.Print(web.Run(":80"))
}
