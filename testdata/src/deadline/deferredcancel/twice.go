package deferredcancel

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

// Silent: what is deferred is for panics.
func cancelsByItself(ctx context.Context, c pb.OrderServiceClient, names []string) error {
	for range names {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		_, err := c.GetOrder(attempt, nil)
		stop()
		if err != nil {
			return err
		}
	}
	return nil
}

func cancelsUnlessItGoesOn(ctx context.Context, c pb.OrderServiceClient, names []string) {
	for range names {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop() // want `stop of this iteration's context.WithTimeout`
		if _, err := c.GetOrder(attempt, nil); err != nil {
			continue
		}
		stop()
	}
}

func cancelsAnother(ctx context.Context, c pb.OrderServiceClient, names []string, stop func()) {
	for range names {
		attempt, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel() // want `cancel of this iteration's context.WithTimeout`
		c.GetOrder(attempt, nil)
		stop()
	}
}

// Silent: the clause ends the loop.
func untilEnded(ctx context.Context, c pb.OrderServiceClient, ticks <-chan time.Time) error {
	for {
		select {
		case <-ticks:
		case <-ctx.Done():
			last, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer stop()
			if _, err := c.GetOrder(last, nil); err != nil {
				return err
			}
			return nil
		}
	}
}

func leavesTheClause(ctx context.Context, c pb.OrderServiceClient, ticks <-chan time.Time) {
	for {
		switch <-ticks; {
		default:
			attempt, stop := context.WithTimeout(ctx, time.Second)
			defer stop() // want `stop of this iteration's context.WithTimeout`
			c.GetOrder(attempt, nil)
			break
		}
	}
}
