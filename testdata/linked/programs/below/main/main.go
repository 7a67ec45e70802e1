// The program links what its handlers call calls.
package main

import (
	"log"
	"net"

	"google.golang.org/grpc"

	"example.com/linked/programs/below/handler"
	"example.com/linked/programs/below/repo"
	"example.com/linked/programs/below/usecase"
	"example.com/testdata/stubs/orderpb"
)

func main() {
	lis, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	uc := &usecase.UseCase{Repo: repo.New()} // related "it is decided that ..repo.Store..Find is called"
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &handler.Handler{UseCase: uc})
	if err := s.Serve(lis); err != nil {
		log.Fatal(err)
	}
}
