// Package common makes the context that others use.
package common

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

// Context is where one edit mends all.
func Context() context.Context { return context.Background() } // related "context.Background\\(\\) is made here"

// Own makes the context that only the package of its root uses, and others
// that use it.
func Own() context.Context {
	ctx := context.Background() // want `^OrderService.DeleteOrder and 1 more RPC can hang for ever: context.Background\(\) has no deadline \[`
	return ctx
}

// Delete uses it, too.
func Delete(c pb.OrderServiceClient) {
	c.DeleteOrder(Own(), nil) // related "reaches OrderService.DeleteOrder here"
}
