// Package fresh makes contexts, and does not know gRPC.
package fresh

import (
	"context"
	"time"
)

// Timed makes one for whoever asks.
func Timed() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), time.Second)
}

// Detached says what it is for.
func Detached() context.Context { return context.Background() }

var started = context.Background()

// Process is one that the process has kept.
func Process() context.Context { return started }

// Limited adds to what it gets.
func Limited(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, time.Second)
}
