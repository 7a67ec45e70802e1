// Package helper is called by handlers of another package.
package helper

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

// Until polls.
func Until(ctx context.Context, ready func() bool) *pb.Order {
	for !ready() {
		<-time.After(time.Second)
	}
	return new(pb.Order)
}

// Patiently looks at the context.
func Patiently(ctx context.Context, ready func() bool) error {
	for !ready() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return nil
}
