// Package cliv3 holds commands of urfave/cli/v3.
package cliv3

import (
	"context"
	"time"

	"github.com/urfave/cli/v3"

	pb "example.com/testdata/stubs/orderpb"
)

func command(client pb.OrderServiceClient) *cli.Command {
	return &cli.Command{
		Name: "orders",
		Commands: []*cli.Command{
			{
				Name: "get",
				Action: func(ctx context.Context, cmd *cli.Command) error {
					ctx, cancel := context.WithTimeout(ctx, time.Second)
					defer cancel()
					_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
					return err
				},
			},
			{
				Name: "list",
				Action: func(ctx context.Context, cmd *cli.Command) error {
					_, err := client.ListOrders(ctx, &pb.ListOrdersRequest{}) // the deadline is in what Run is given
					return err
				},
			},
			{
				Name: "fresh",
				Action: func(ctx context.Context, cmd *cli.Command) error {
					_, err := client.ListOrders(context.Background(), &pb.ListOrdersRequest{}) // want info `OrderService.ListOrders can hang for ever: context.Background\(\) has no deadline`
					return err
				},
			},
		},
	}
}
