// The program is put together of layers, of which only two know gRPC.
package main

import (
	"log"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/linked/programs/layers/handler"
	"example.com/linked/programs/layers/memory"
	"example.com/linked/programs/layers/stock"
	"example.com/linked/programs/layers/usecase"
	"example.com/testdata/stubs/orderpb"
)

func main() {
	lis, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	conn, err := grpc.NewClient("dns:///stock", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	uc := usecase.New(memory.New(), stock.New("dns:///stock", conn)) // related "it is decided that ..memory.Store..Find is called" "it is decided that ..stock.Stock..Release is called"
	go func() {
		for range time.Tick(time.Hour) {
			uc.Sweep([]string{"a"})
		}
	}()
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, handler.New(uc))
	if err := s.Serve(lis); err != nil {
		log.Fatal(err)
	}
}
