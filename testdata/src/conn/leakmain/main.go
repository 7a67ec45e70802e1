// Command leakmain serves, and leaves the closing of its connections to the
// end of the process.
package main

import (
	"context"
	"log"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/stubs/orderpb"
)

func main() {
	conn, err := grpc.NewClient("orders:7001", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	_ = conn.GetState()
	if err := run("orders:7002"); err != nil {
		log.Print(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, addr := range []string{"a:1", "b:1"} {
		go worker(ctx, addr)
	}
}

// run is called once, by main.
func run(addr string) error {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	lis, err := net.Listen("tcp", ":0")
	if err != nil {
		return err
	}
	s := grpc.NewServer()
	_ = conn.GetState()
	return s.Serve(lis)
}

// worker is called in a loop.
func worker(ctx context.Context, addr string) {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials())) // want `conn leaks: worker opens it`
	if err != nil {
		return
	}
	if _, err := orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{}); err != nil {
		log.Print(err)
	}
}
