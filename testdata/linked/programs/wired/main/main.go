// The program is put together by what google/wire writes.
package main

import (
	"log"
	"net"

	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
)

func main() {
	lis, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, newHandler("dns:///stock"))
	if err := s.Serve(lis); err != nil {
		log.Fatal(err)
	}
}
