// Package table keeps one context for all commands, some of which are called
// through a table.
package table

import (
	"context"

	"github.com/spf13/cobra"

	pb "example.com/testdata/stubs/orderpb"
)

var ctx = context.Background()

var client pb.OrderServiceClient

var actions = map[string]func(){"list": list}

func list() {
	client.ListOrders(ctx, nil) // related "reaches OrderService.ListOrders here"
}

var get = &cobra.Command{
	Run: func(cmd *cobra.Command, args []string) {
		client.GetOrder(ctx, nil) // want info `^OrderService.GetOrder and 1 more RPC can hang for ever: ctx comes from context.Background\(\)`
		actions[args[0]]()
	},
}

// The part that an ignore silences leaves the rest as it is.
var remove = &cobra.Command{
	Run: func(cmd *cobra.Command, args []string) {
		client.DeleteOrder(ctx, nil) //grpclint:ignore deadline/missing the case
	},
}

// An ignore where a context is made speaks for all that it reaches.
var silent = context.Background() //grpclint:ignore deadline/missing the case

func quiet() {
	client.GetOrder(silent, nil)
	client.ListOrders(silent, nil)
}

var _ = []any{get, remove, quiet}
