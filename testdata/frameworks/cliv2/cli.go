// Package cliv2 holds commands of urfave/cli/v2.
package cliv2

import (
	"context"
	"time"

	"github.com/urfave/cli/v2"

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
	}
}
