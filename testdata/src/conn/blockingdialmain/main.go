// A program that waits for its server at start has nothing else to do.
package main

import (
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func main() {
	conn, err := grpc.Dial("dns:///orders:1", grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithBlock()) // want info `conn/blocking-dial`
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
}
