// The program links what its handlers call calls.
package main

import (
	"log"
	"net"

	"google.golang.org/grpc"

	"example.com/linked/programs/accepted/handler"
	"example.com/linked/programs/accepted/repo"
	"example.com/linked/programs/accepted/usecase"
	"example.com/testdata/stubs/orderpb"
)

func main() {
	lis, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	uc := &usecase.UseCase{Repo: repo.New()}
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &handler.Handler{UseCase: uc})
	if err := s.Serve(lis); err != nil {
		log.Fatal(err)
	}
}
