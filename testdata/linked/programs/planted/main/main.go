// The program is put together by hand, and there is something wrong with much
// of it that no package can see alone.
package main

import (
	"log"
	"net"
	"time"

	"example.com/linked/programs/planted/handler"
	"example.com/linked/programs/planted/repo"
	"example.com/linked/programs/planted/rpc"
	"example.com/linked/programs/planted/stock"
	"example.com/linked/programs/planted/usecase"
)

func main() {
	lis, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	warehouse, err := stock.New("dns:///stock")
	if err != nil {
		log.Fatal(err)
	}
	uc := usecase.New(repo.New(), warehouse) // related "it is decided that ..repo.Store..Find is called"
	go func() {
		for range time.Tick(time.Hour) {
			uc.Sweep([]string{"a"})
		}
	}()
	log.Fatal(rpc.Serve(lis, handler.New(uc)))
}
