// Command gzip compresses without a compressor.
package main

import (
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func main() {
	conn, err := grpc.NewClient("dns:///orders",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.UseCompressor("gzip"))) // want `^every such RPC fails with Internal, compressor gzip is not installed: no import of google.golang.org/grpc/encoding/gzip in this program \[conn/missing-import\]$`
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
}
