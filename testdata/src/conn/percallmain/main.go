// Command percallmain does its work and ends.
package main

import (
	"context"
	"log"
	"os"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/conn/percall/call"
	"example.com/testdata/stubs/orderpb"
)

// Every connection of a program that runs once and ends is opened once, or a
// few times: silent.
func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, name := range os.Args[1:] {
		if err := get(ctx, "orders:7001", name); err != nil {
			log.Fatal(err)
		}
		if _, err := call.Get(ctx, "orders:7001", name); err != nil {
			log.Fatal(err)
		}
	}
	command := &cobra.Command{RunE: func(cmd *cobra.Command, args []string) error {
		for _, name := range args {
			if err := get(ctx, "orders:7001", name); err != nil {
				return err
			}
		}
		return nil
	}}
	if err := command.ExecuteContext(ctx); err != nil {
		log.Fatal(err)
	}
}

func get(ctx context.Context, addr, name string) error {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{Name: name})
	return err
}
