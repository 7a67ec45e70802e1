// Package backoff has the shape of https://github.com/google/trillian/pull/1331.
package backoff

import (
	"context"
	"time"

	"google.golang.org/grpc"
)

// Backoff grows from Min to Max.
type Backoff struct {
	Min, Max time.Duration
	next     time.Duration
}

// Duration returns how long to wait.
func (b *Backoff) Duration() time.Duration {
	wait := max(b.Min, b.next)
	b.next = min(2*wait, b.Max)
	return wait
}

// Retry runs f until it succeeds or the context ends.
func (b *Backoff) Retry(ctx context.Context, f func() error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	b.next = 0
	for {
		if err := f(); err != nil {
			select {
			case <-time.After(b.Duration()):
			case <-ctx.Done():
				return ctx.Err()
			}
			continue
		}
		return nil
	}
}

// Dial is why the package reaches gRPC.
func Dial(target string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(target, opts...)
}
