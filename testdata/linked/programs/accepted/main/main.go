// The program links what its handlers call calls.
package main

import (
	"log"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/linked/programs/accepted/handler"
	"example.com/linked/programs/accepted/repo"
	"example.com/linked/programs/accepted/stock"
	"example.com/linked/programs/accepted/sweeper"
	"example.com/linked/programs/accepted/usecase"
	"example.com/testdata/stubs/orderpb"
)

func main() {
	lis, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	uc := &usecase.UseCase{Repo: repo.New()}
	conn, err := grpc.NewClient("dns:///stock", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	go (&sweeper.Sweeper{Stock: &stock.Stock{Orders: orderpb.NewOrderServiceClient(conn)}}).Sweep([]string{"a"})
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &handler.Handler{UseCase: uc})
	if err := s.Serve(lis); err != nil {
		log.Print(err)
	}
}
