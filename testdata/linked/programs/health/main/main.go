// The program serves orders and asks itself for some.
package main

import (
	"context"
	"log"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"

	"example.com/linked/programs/health/handler"
	"example.com/linked/programs/health/rpc"
	"example.com/testdata/stubs/orderpb"
)

func main() {
	lis, err := net.Listen("tcp", "localhost:8080")
	if err != nil {
		log.Fatal(err)
	}
	state := health.NewServer()
	orders := handler.New(state)
	orders.Ready()
	go func() { log.Fatal(rpc.New(orders, state).Serve(lis)) }() // related "it is decided that .handler.Handler is registered"
	conn, err := grpc.NewClient("dns:///localhost:8080",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "example.order.v1.OrderService"}}`)) // want "every RPC of this client fails with UNAVAILABLE: no health service ever says how OrderService is"
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if _, err := orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{}); err != nil {
		log.Fatal(err)
	}
}
