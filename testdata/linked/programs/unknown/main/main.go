// The program keeps orders where a plug-in does.
package main

import (
	"log"
	"net"
	"os"
	"plugin"

	"google.golang.org/grpc"

	"example.com/linked/programs/unknown/handler"
	"example.com/linked/programs/unknown/repo"
	"example.com/testdata/stubs/orderpb"
)

func open() handler.Repo {
	p, err := plugin.Open(os.Getenv("PLUGIN"))
	if err != nil {
		return repo.New()
	}
	symbol, err := p.Lookup("Repo")
	if err != nil {
		return repo.New()
	}
	return symbol.(handler.Repo)
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
