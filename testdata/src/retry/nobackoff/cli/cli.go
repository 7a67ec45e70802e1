// Package cli tries again for somebody who sits at a terminal.
package cli

import (
	"context"

	"github.com/spf13/cobra"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// Get is a command.
func Get(cmd *cobra.Command, c pb.OrderServiceClient) (err error) {
	ctx := cmd.Context() // want info `can hang for ever`
	for range 10 {
		_, err = c.GetOrder(ctx, &pb.GetOrderRequest{}) // want info `a server that is down gets OrderService.GetOrder 10 times in a row`
		if status.Code(err) != codes.Unavailable {
			return err
		}
	}
	return err
}

// Fetch may be called by whom it likes.
func Fetch(ctx context.Context, c pb.OrderServiceClient) (err error) {
	for range 10 {
		_, err = c.GetOrder(ctx, &pb.GetOrderRequest{}) // want `a server that is down gets OrderService.GetOrder 10 times in a row`
		if status.Code(err) != codes.Unavailable {
			return err
		}
	}
	return err
}
