// Package cli has commands of a command line.
package cli

import (
	"context"

	"github.com/spf13/cobra"

	"example.com/testdata/deadline/missing/clirunner"
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

func list(c pb.OrderServiceClient) *cobra.Command {
	return &cobra.Command{
		Use: "list",
		RunE: func(cmd *cobra.Command, args []string) error {
			_, err := c.ListOrders(context.Background(), nil) // want info `OrderService.ListOrders can hang`
			return err
		},
	}
}

var _ = []any{get, list}

// shared is called by commands only.
func shared(c pb.OrderServiceClient) {
	c.GetOrder(context.Background(), nil) // want info `OrderService.GetOrder can hang`
}

func both(c pb.OrderServiceClient) []*cobra.Command {
	return []*cobra.Command{
		{Use: "a", Run: func(cmd *cobra.Command, args []string) { shared(c) }},
		{Use: "b", Run: func(cmd *cobra.Command, args []string) { shared(c) }},
	}
}

// A command in the form of github.com/mitchellh/cli.
type plain struct{ c pb.OrderServiceClient }

func (p *plain) Help() string     { return "" }
func (p *plain) Synopsis() string { return "" }

func (p *plain) Run(args []string) int {
	p.c.GetOrder(context.Background(), nil) // want info `OrderService.GetOrder can hang`
	return 0
}

var _ = []any{both, (*plain).Run}

// The runner of another package makes the context.
type adapted struct{ c pb.OrderServiceClient }

func (a *adapted) Execute(ctx context.Context) error {
	_, err := a.c.GetOrder(ctx, nil) // want info `context.Background\(\) of Adapter.Run has no deadline`
	return err
}

func adapt(c pb.OrderServiceClient) *clirunner.Adapter {
	return &clirunner.Adapter{Command: &adapted{c}}
}

var _ = adapt
