// Command balancer asks for a balancer and a resolver that are not linked in.
package main

import (
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func main() {
	other, err := grpc.NewClient("xds:///orders", grpc.WithTransportCredentials(insecure.NewCredentials())) // want `xds targets are looked up by DNS: no import of google.golang.org/grpc/xds`
	if err != nil {
		log.Fatal(err)
	}
	defer other.Close()
	conn, err := grpc.NewClient("dns:///orders",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"weighted_round_robin": {}}]}`)) // want `grpc-go does not know the balancer weighted_round_robin: no import of google.golang.org/grpc/balancer/weightedroundrobin`
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
}
