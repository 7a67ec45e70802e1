// Package cliv2own gives commands of urfave/cli/v2 contexts of its own.
package cliv2own

import (
	"context"
	"time"

	"github.com/urfave/cli/v2"

	pb "example.com/testdata/stubs/orderpb"
)

func app(client pb.OrderServiceClient) *cli.App {
	return &cli.App{
		Before: func(c *cli.Context) error {
			ctx, cancel := context.WithTimeout(c.Context, time.Minute)
			context.AfterFunc(ctx, cancel)
			c.Context = ctx
			return nil
		},
		Action: func(c *cli.Context) error {
			_, err := client.GetOrder(c.Context, &pb.GetOrderRequest{})
			return err
		},
	}
}
