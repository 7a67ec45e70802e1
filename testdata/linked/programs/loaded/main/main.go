// The program has orders served by a plug-in, or by something that looks
// forward to having one.
package main

import (
	"log"
	"net"
	"os"
	"plugin"

	"example.com/linked/programs/loaded/feed"
	"example.com/linked/programs/loaded/rpc"
	"example.com/testdata/stubs/orderpb"
)

func orders() orderpb.OrderServiceServer {
	p, err := plugin.Open(os.Getenv("PLUGIN"))
	if err != nil {
		return feed.New()
	}
	symbol, err := p.Lookup("Orders")
	if err != nil {
		return feed.New()
	}
	return symbol.(orderpb.OrderServiceServer)
}

func main() {
	lis, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	if os.Getenv("SIMPLE") != "" {
		log.Fatal(rpc.Serve(lis, orders()))
	}
	log.Fatal(rpc.New(orders()).Serve(lis))
}
