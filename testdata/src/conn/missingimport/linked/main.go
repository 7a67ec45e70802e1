// Command linked has all that it asks for, through imports of imports.
package main

import (
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/health"

	"example.com/testdata/conn/missingimport/compressor"
	"example.com/testdata/conn/missingimport/library"
)

func main() {
	compressor.On()
	conn, err := grpc.NewClient("dns:///orders",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.UseCompressor("gzip"), grpc.UseCompressor("own")),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"own": {}}, {"ring_hash_experimental": {}}, {"round_robin": {}}], "healthCheckConfig": {"serviceName": ""}}`))
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	library.Use()
}
