// Package pure does not know gRPC.
package pure

import (
	"context"
	"time"
)

type key struct{}

// With adds a value.
func With(ctx context.Context, v string) context.Context {
	return context.WithValue(ctx, key{}, v)
}

// Bounded adds a deadline.
func Bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, time.Second)
}

// Fresh makes one.
func Fresh() context.Context { return context.Background() }
