// Command cmd does not name grpc-go: what it calls does.
package main

import (
	"log"
	"net"

	"example.com/testdata/server/lateregister/setup"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func main() {
	l, err := net.Listen("tcp", ":50051")
	if err != nil {
		log.Fatal(err)
	}
	r := setup.New(l)
	r.StartOrders(orderpb.UnimplementedOrderServiceServer{})
	r.StartPayments(paypb.UnimplementedPaymentServiceServer{}) // want `PaymentServiceServer is registered after the server has begun to serve`
	select {}
}
