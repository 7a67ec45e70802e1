// The program is put together by hand.
package main

import (
	"log"
	"net"

	"google.golang.org/grpc"

	"example.com/linked/programs/byhand/handler"
	"example.com/linked/programs/byhand/repo"
	"example.com/linked/programs/byhand/stock"
	"example.com/linked/programs/byhand/usecase"
	"example.com/testdata/stubs/orderpb"
)

func main() {
	lis, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	uc := usecase.New(repo.New(), stock.New("dns:///stock")) // related "it is decided that ..stock.Stock..Reserve is called"
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, handler.New(uc))
	if err := s.Serve(lis); err != nil {
		log.Fatal(err)
	}
}
