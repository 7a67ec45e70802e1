// Package helper is called by handlers of another package.
package helper

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

// Settle waits until things have settled.
func Settle(ctx context.Context, seconds int) { wait(ctx, seconds) }

func wait(ctx context.Context, seconds int) {
	time.Sleep(time.Duration(seconds) * time.Second)
}

// Pause waits before a stream is read.
func Pause(stream pb.OrderService_UploadOrdersServer) error {
	time.Sleep(time.Second)
	return nil
}

// Patient looks at the context.
func Patient(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		return nil
	}
}

// Wait waits.
func Wait(ctx context.Context) {
	if ctx.Value(key{}) == nil {
		time.Sleep(time.Second)
	}
}

type key struct{}
