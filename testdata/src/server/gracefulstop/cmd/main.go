// Command cmd stops its server itself, in a function that nobody else can call.
package main

import (
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"google.golang.org/grpc"

	"example.com/testdata/server/gracefulstop/feed"
	"example.com/testdata/stubs/orderpb"
)

func main() {
	l, err := net.Listen("tcp", ":50051")
	if err != nil {
		log.Fatal(err)
	}
	Serve(l)
}

// Serve serves until it is interrupted.
func Serve(l net.Listener) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, new(feed.Feed))
	go s.Serve(l)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	<-signals
	s.GracefulStop() // want `GracefulStop does not end WatchOrders`
}
