// Command balancer asks for a balancer and a resolver that are not linked in.
package main

import (
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func main() {
	conn, err := grpc.NewClient("xds:///orders", // want `xds targets are looked up by DNS: no import of google.golang.org/grpc/xds`
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"weighted_round_robin": {}}]}`)) // want `grpc-go does not know the balancer weighted_round_robin: no import of google.golang.org/grpc/balancer/weightedroundrobin`
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
}
