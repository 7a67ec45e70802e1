// Command agent does everything for itself: main's context ends with the
// process.
package main

import (
	"context"
	"log"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	conn, err := grpc.NewClient("dns:///orders", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	c := pb.NewOrderServiceClient(conn)
	if err := run(ctx, c); err != nil {
		log.Print(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { handle(r.Context(), c) })
	log.Print(http.ListenAndServe(":80", nil))
}

// run is called by main.
func run(ctx context.Context, c pb.OrderServiceClient) error {
	if err := register(ctx, c); err != nil {
		return err
	}
	_, err := c.ListOrders(context.Background(), nil) // want `OrderService.ListOrders can hang for ever: context.Background\(\) has no deadline \[deadline/missing\]`
	return err
}

func register(ctx context.Context, c pb.OrderServiceClient) error {
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err := c.CreateOrder(own, nil)
	return err
}

func handle(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := context.WithTimeout(context.Background(), time.Second) // want `can run on after the caller of handle has gone`
	defer cancel()
	c.GetOrder(own, nil)
}
