// The program looks up by name how it keeps orders.
package main

import (
	"log"
	"net"
	"os"

	"google.golang.org/grpc"

	"example.com/linked/programs/chosen/cache"
	"example.com/linked/programs/chosen/handler"
	"example.com/linked/programs/chosen/repo"
	"example.com/testdata/stubs/orderpb"
)

var factories = make(map[string]func() handler.Repo)

func register(name string, factory func() handler.Repo) { factories[name] = factory }

func main() {
	register("cache", func() handler.Repo { return cache.Cache{} })
	register("store", func() handler.Repo { return repo.New() }) // related "it is decided that ..repo.Store..Find is called"
	lis, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, handler.New(factories[os.Getenv("STORE")]()))
	if err := s.Serve(lis); err != nil {
		log.Fatal(err)
	}
}
