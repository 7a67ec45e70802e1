// Package plain knows nothing of gRPC.
package plain

import (
	"context"
	"time"
)

// Wait waits.
func Wait(ctx context.Context) { time.Sleep(time.Second) }

// WaitPatiently looks at the context.
func WaitPatiently(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
}

// Pause always waits.
func Pause() { time.Sleep(time.Second) }

// For waits as long as its caller says.
func For(d time.Duration) { time.Sleep(d) }

// Sometimes waits when there is something to wait for.
func Sometimes(n int) {
	if n > 1 {
		time.Sleep(time.Second)
	}
}
