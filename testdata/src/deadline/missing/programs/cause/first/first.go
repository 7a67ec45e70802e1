// Package first takes a context from another package several times.
package first

import (
	"example.com/testdata/deadline/missing/programs/cause/common"
	pb "example.com/testdata/stubs/orderpb"
)

func get(c pb.OrderServiceClient) {
	c.GetOrder(common.Context(), nil) // want `^OrderService.GetOrder and 2 more RPCs can hang for ever: context.Background\(\) of Context has no deadline \[`
}

func list(c pb.OrderServiceClient) {
	ctx := common.Context()
	c.ListOrders(ctx, nil) // related "reaches OrderService.ListOrders here"
	c.GetOrder(ctx, nil)   // related "reaches OrderService.GetOrder here"
}

// What is silenced is not spoken of.
func remove(c pb.OrderServiceClient) {
	c.DeleteOrder(common.Context(), nil) //grpclint:ignore deadline/missing the case
}

var _ = []any{get, list, remove}
