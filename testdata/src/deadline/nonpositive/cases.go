// Package nonpositive tests deadline/nonpositive.
package nonpositive

import (
	"context"
	"errors"
	"time"

	_ "google.golang.org/grpc"
)

const (
	none    = 0
	seconds = 5
	brief   = 5 * time.Microsecond
	bare    = time.Duration(7)
)

func bad(ctx context.Context) {
	keep(context.WithTimeout(ctx, 5))                            // want `^every call fails with DeadlineExceeded: the timeout 5 is 5ns, a number without a unit counts nanoseconds \[deadline/nonpositive\]$`
	keep(context.WithTimeout(ctx, 0))                            // want `before it is sent: the timeout 0 is not positive`
	keep(context.WithTimeout(ctx, -time.Second))                 // want `the timeout -time.Second is not positive`
	keep(context.WithTimeout(ctx, none*time.Second))             // want `is not positive`
	keep(context.WithTimeout(ctx, seconds))                      // want `the timeout seconds is 5ns`
	keep(context.WithTimeoutCause(ctx, 100, errors.New("slow"))) // want `the timeout 100 is 100ns`
	keep(context.WithTimeout(ctx, time.Duration(30)))            // want `is 30ns`
	keep(context.WithTimeout(context.Background(), bare))        // want `the timeout bare is 7ns`
}

func silent(ctx context.Context, d time.Duration, n int) {
	keep(context.WithTimeout(ctx, 5*time.Second))
	keep(context.WithTimeout(ctx, time.Millisecond))
	keep(context.WithTimeout(ctx, 500*time.Microsecond))
	keep(context.WithTimeout(ctx, brief))
	keep(context.WithTimeout(ctx, time.Nanosecond))
	keep(context.WithTimeout(ctx, 2_000_000_000))
	keep(context.WithTimeout(ctx, d))
	keep(context.WithTimeout(ctx, time.Duration(n)))
	keep(context.WithTimeout(ctx, time.Duration(n)*time.Second))
	keep(context.WithDeadline(ctx, time.Now()))
	//grpclint:ignore deadline/nonpositive made to have expired
	keep(context.WithTimeout(ctx, 0))
}

func keep(context.Context, context.CancelFunc) {}
