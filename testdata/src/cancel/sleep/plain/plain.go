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
