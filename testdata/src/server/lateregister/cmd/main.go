// Command cmd does not name grpc-go: what it calls does.
package main

import (
	"errors"
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
	if err := run(l); err != nil {
		log.Fatal(err)
	}
	select {}
}

func run(l net.Listener) error {
	if l == nil {
		return errors.New("no listener")
	}
	r := setup.New(l)
	r.StartOrders(orderpb.UnimplementedOrderServiceServer{})
	r.StartPayments(paypb.UnimplementedPaymentServiceServer{}) // want `PaymentServiceServer is registered after the server has begun to serve`
	return nil
}
