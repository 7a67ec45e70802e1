// The program keeps orders in one of two ways.
package main

import (
	"log"
	"net"
	"os"

	"google.golang.org/grpc"

	"example.com/linked/programs/second/cache"
	"example.com/linked/programs/second/handler"
	"example.com/linked/programs/second/repo"
	"example.com/testdata/stubs/orderpb"
)

func open() handler.Repo {
	if os.Getenv("CACHE") != "" {
		return cache.Cache{}
	}
	return repo.New() // related "it is decided that ..repo.Store..Find is called"
}

func main() {
	lis, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, handler.New(open()))
	if err := s.Serve(lis); err != nil {
		log.Fatal(err)
	}
}
