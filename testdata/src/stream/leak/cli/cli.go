// Package cli leaves streams open, and the process ends.
package cli

import (
	"context"

	"github.com/spf13/cobra"

	pb "example.com/testdata/stubs/orderpb"
)

// Command follows orders.
func Command(c pb.OrderServiceClient) *cobra.Command {
	return &cobra.Command{Use: "first", RunE: func(cmd *cobra.Command, args []string) error { return first(c) }}
}

func first(c pb.OrderServiceClient) error {
	stream, err := c.WatchOrders(context.Background(), nil) // want info `the stream of WatchOrders and its goroutine leak`
	if err != nil {
		return err
	}
	_, err = stream.Recv()
	return err
}

// First may be called by whom it likes.
func First(c pb.OrderServiceClient) error {
	stream, err := c.WatchOrders(context.Background(), nil) // want `the stream of WatchOrders and its goroutine leak`
	if err != nil {
		return err
	}
	_, err = stream.Recv()
	return err
}

func follow(cmd *cobra.Command, c pb.OrderServiceClient) error {
	ctx := cmd.Context()
	for {
		stream, err := c.WatchOrders(ctx, nil) // want info `it opens WatchOrders again without a pause`
		if err != nil {
			continue
		}
		for {
			if _, err := stream.Recv(); err != nil {
				return err
			}
		}
	}
}
