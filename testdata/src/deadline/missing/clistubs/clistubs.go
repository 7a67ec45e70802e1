// Package clistubs has a command and imports nothing but the command line and
// generated code.
package clistubs

import (
	"github.com/spf13/cobra"

	pb "example.com/testdata/stubs/orderpb"
)

func get(c pb.OrderServiceClient) *cobra.Command {
	return &cobra.Command{
		Use: "get",
		RunE: func(cmd *cobra.Command, args []string) error {
			_, err := c.GetOrder(cmd.Context(), nil) // want info `OrderService.GetOrder can hang for ever: cmd.Context\(\) has no deadline`
			return err
		},
	}
}

var _ = get
