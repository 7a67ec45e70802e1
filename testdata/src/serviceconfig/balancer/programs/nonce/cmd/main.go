// Command cmd has both.
package main

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/balancer"
	"google.golang.org/grpc/balancer/base"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/serviceconfig/balancer/programs/nonce/config"
)

func main() {
	balancer.Register(base.NewBalancerBuilder("nonce", nil, base.Config{}))
	conn, err := config.Dial("dns:///orders", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err == nil {
		conn.Close()
	}
}
