// The program chooses who serves orders.
package main

import (
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"example.com/linked/programs/injected/feed"
	"example.com/linked/programs/injected/rpc"
	"example.com/linked/programs/injected/static"
	"example.com/testdata/stubs/orderpb"
)

func orders() orderpb.OrderServiceServer {
	if os.Getenv("STATIC") != "" {
		return static.Static{}
	}
	return feed.New() // related "it is decided that .feed.Feed is registered"
}

func main() {
	lis, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	if os.Getenv("SIMPLE") != "" {
		log.Fatal(rpc.Serve(lis, orders()))
	}
	s := rpc.New(orders())
	go func() {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGTERM)
		<-signals
		s.GracefulStop() // want "the shutdown waits for as long as clients like: GracefulStop does not end WatchOrders, and nothing calls Stop"
	}()
	if err := s.Serve(lis); err != nil {
		log.Fatal(err)
	}
}
