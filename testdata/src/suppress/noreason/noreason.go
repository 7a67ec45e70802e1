// Package noreason has directives that do not say why.
package noreason

import (
	"context"

	"example.com/testdata/stubs/orderpb"
)

func ignore(client orderpb.OrderServiceClient) error {
	// want+1 `^nobody can tell whether this still holds: //grpclint:ignore gives no reason \[suppress/no-reason\]$`
	//grpclint:ignore deadline/missing
	_, err := client.ListOrders(context.Background(), &orderpb.ListOrdersRequest{})
	return err
}

func punctuation(client orderpb.OrderServiceClient) error {
	// want+1 `gives no reason \[suppress/no-reason\]$`
	//grpclint:ignore deadline/missing --
	_, err := client.ListOrders(context.Background(), &orderpb.ListOrdersRequest{})
	return err
}

//grpclint:idempotent
func intent(ctx context.Context, client orderpb.OrderServiceClient) error { // want-1 `^nobody can tell whether this still holds: //grpclint:idempotent gives no reason \[suppress/no-reason\]$`
	_, err := client.CreateOrder(ctx, &orderpb.CreateOrderRequest{})
	return err
}

func reason(client orderpb.OrderServiceClient) error {
	//grpclint:ignore deadline/missing // the supervisor ends a start that hangs
	_, err := client.ListOrders(context.Background(), &orderpb.ListOrdersRequest{})
	return err
}

// How nolint is written is golangci-lint's business.
func nolint(client orderpb.OrderServiceClient) error {
	_, err := client.ListOrders(context.Background(), &orderpb.ListOrdersRequest{}) //nolint:grpclint
	return err
}
