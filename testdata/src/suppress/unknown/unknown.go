// Package unknown has directives that name what does not exist.
package unknown

import (
	"context"

	"example.com/testdata/stubs/orderpb"
)

func rule(client orderpb.OrderServiceClient) error {
	//grpclint:ignore deadline/mising the supervisor ends a start that hangs // want `^silences nothing: there is no rule "deadline/mising" \(nearest: deadline/missing\) \[suppress/unknown\]$`
	_, err := client.ListOrders(context.Background(), &orderpb.ListOrdersRequest{}) // want `\[deadline/missing\]`
	return err
}

func oneOfTwo(client orderpb.OrderServiceClient) error {
	//grpclint:ignore deadline/missing,deadline/hangs the supervisor ends a start that hangs // want `^silences nothing: there is no rule "deadline/hangs" .*\[suppress/unknown\]$`
	_, err := client.ListOrders(context.Background(), &orderpb.ListOrdersRequest{})
	return err
}

func word(client orderpb.OrderServiceClient) error {
	//grpclint:ignored deadline/missing the supervisor ends a start that hangs // want `^does nothing: there is no directive "ignored" \(nearest: ignore\) \[suppress/unknown\]$`
	_, err := client.ListOrders(context.Background(), &orderpb.ListOrdersRequest{}) // want `\[deadline/missing\]`
	return err
}

//grpclint:file-ignore // want `^silences nothing: //grpclint:file-ignore names no rule \[suppress/unknown\]$`

// A blank makes it an ordinary comment.
func comment(client orderpb.OrderServiceClient) error {
	// grpclint:ignore deadline/missing the supervisor ends a start that hangs
	_, err := client.ListOrders(context.Background(), &orderpb.ListOrdersRequest{}) // want `\[deadline/missing\]`
	return err
}
