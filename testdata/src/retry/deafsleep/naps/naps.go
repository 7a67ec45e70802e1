// Package naps sleeps, for others.
package naps

import (
	"context"
	"time"
)

// Long sleeps for a while.
func Long() { time.Sleep(time.Minute) }

// Short does not.
func Short() { time.Sleep(time.Millisecond) }

// For sleeps as long as it is told.
func For(d time.Duration) { time.Sleep(d) }

// Until sleeps no longer than it may.
func Until(ctx context.Context, d time.Duration) {
	if deadline, ok := ctx.Deadline(); ok {
		d = min(d, time.Until(deadline))
	}
	time.Sleep(d)
}
