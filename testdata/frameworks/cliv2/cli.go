// Package cliv2 holds commands of urfave/cli/v2.
package cliv2

import (
	"context"
	"time"

	"github.com/urfave/cli/v2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
)

func commands(client pb.OrderServiceClient) []*cli.Command {
	return []*cli.Command{
		{
			Name: "get",
			Action: func(c *cli.Context) error {
				ctx, cancel := context.WithTimeout(c.Context, time.Second)
				defer cancel()
				_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
				return err
			},
		},
		{Name: "list", Before: dial, Action: list},
	}
}

// dial keeps a connection for the commands, in one process that runs one.
func dial(c *cli.Context) error {
	conn, err := grpc.NewClient("localhost:9000", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	c.App.Metadata["client"] = pb.NewOrderServiceClient(conn)
	return nil
}

// Bad.

func list(c *cli.Context) error {
	client := c.App.Metadata["client"].(pb.OrderServiceClient)
	_, err := client.ListOrders(c.Context, &pb.ListOrdersRequest{}) // want info `OrderService.ListOrders can hang for ever: c.Context has no deadline`
	return err
}

func poll(client pb.OrderServiceClient) *cli.Command {
	return &cli.Command{Name: "poll", Action: func(c *cli.Context) error {
		for {
			if err := once(c.Context, client); err != nil { // want info `OrderService.GetOrder can hang for ever: c.Context has no deadline \(once\)`
				return err
			}
			time.Sleep(time.Minute)
		}
	}}
}

func once(ctx context.Context, client pb.OrderServiceClient) error {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}
