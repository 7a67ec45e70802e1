// Package unused has directives that silence nothing.
package unused

import (
	"context"
	"time"

	"example.com/testdata/stubs/orderpb"
)

func mended(ctx context.Context, client orderpb.OrderServiceClient) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	//grpclint:ignore deadline/missing TODO: set a deadline // want `^silences nothing, and would hide the next mistake: deadline/missing finds nothing here \[suppress/unused\]$`
	_, err := client.ListOrders(ctx, &orderpb.ListOrdersRequest{})
	return err
}

func wrongPlace(client orderpb.OrderServiceClient) error {
	//grpclint:ignore deadline/missing stands too far away // want `\[suppress/unused\]$`

	_, err := client.ListOrders(context.Background(), &orderpb.ListOrdersRequest{}) // want `\[deadline/missing\]`
	return err
}

func oneOfTwo(client orderpb.OrderServiceClient) error {
	//grpclint:ignore deadline/missing,deadline/nonpositive the supervisor ends a start that hangs // want `deadline/nonpositive finds nothing here \[suppress/unused\]$`
	_, err := client.ListOrders(context.Background(), &orderpb.ListOrdersRequest{})
	return err
}

func family(client orderpb.OrderServiceClient) error {
	//grpclint:ignore deadline the supervisor ends a start that hangs
	_, err := client.ListOrders(context.Background(), &orderpb.ListOrdersRequest{})
	return err
}

//grpclint:ignore deadline/missing the supervisor ends a start that hangs
func declaration(client orderpb.OrderServiceClient) error {
	_, err := client.ListOrders(context.Background(), &orderpb.ListOrdersRequest{})
	return err
}

// At the RPC it stops what callers would be told, so it is of use although
// nothing was found here.
func list(ctx context.Context, client orderpb.OrderServiceClient) error {
	//grpclint:ignore deadline/missing callers may wait as long as they like
	_, err := client.ListOrders(ctx, &orderpb.ListOrdersRequest{})
	return err
}

func callsList(client orderpb.OrderServiceClient) error {
	return list(context.Background(), client)
}

// Findings about directives are not silenced by directives.
func itself(client orderpb.OrderServiceClient) error {
	//grpclint:ignore suppress/no-reason,deadline/missing why // want `^silences nothing: no directive silences a finding about directives \[suppress/unused\]$`
	_, err := client.ListOrders(context.Background(), &orderpb.ListOrdersRequest{})
	return err
}

// golangci-lint reports those of its own.
func nolint(ctx context.Context, client orderpb.OrderServiceClient) error {
	_, err := client.ListOrders(ctx, &orderpb.ListOrdersRequest{}) //nolint:grpclint
	return err
}
