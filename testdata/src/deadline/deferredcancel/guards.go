package deferredcancel

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

// Bad.

func declaredBefore(ctx context.Context, c pb.OrderServiceClient, names []string) {
	var attempt context.Context
	var stop context.CancelFunc
	for range names {
		attempt, stop = context.WithTimeout(ctx, time.Second)
		defer stop() // want `stop of this iteration's context.WithTimeout`
		c.GetOrder(attempt, nil)
	}
}

func manyTimes(ctx context.Context, c pb.OrderServiceClient) {
	for i := 0; i < 1000; i++ {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop() // want `deadline/deferred-cancel`
		c.GetOrder(attempt, nil)
	}
	for range [1000]int{} {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop() // want info `deadline/deferred-cancel`
		c.GetOrder(attempt, nil)
	}
	var thousand [1000]string
	for range thousand {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop() // want `deadline/deferred-cancel`
		c.GetOrder(attempt, nil)
	}
}

func untilDone(ctx context.Context, c pb.OrderServiceClient, more func() bool) {
	for i := 0; more(); i++ {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop() // want `deadline/deferred-cancel`
		c.GetOrder(attempt, nil)
	}
}

// Silent.

func countedDown(ctx context.Context, c pb.OrderServiceClient) {
	for i := 3; 0 < i; i-- {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		c.GetOrder(attempt, nil)
	}
	var names [3]string
	for range names {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		c.GetOrder(attempt, nil)
	}
}

func leaves(ctx context.Context, c pb.OrderServiceClient, names []string) {
	for _, name := range names {
		if name != "" {
			attempt, stop := context.WithTimeout(ctx, time.Second)
			defer stop()
			c.GetOrder(attempt, nil)
			break
		}
	}
	for _, name := range names {
		if name != "" {
			attempt, stop := context.WithTimeout(ctx, time.Second)
			defer stop()
			c.GetOrder(attempt, nil)
			goto done
		}
	}
done:
}

type session struct{}

func (session) WithTimeout(ctx context.Context, d time.Duration) (context.Context, func()) {
	return ctx, func() {}
}

// others have nothing to release.
func others(ctx context.Context, c pb.OrderServiceClient, s session, names []string, open func() (context.Context, func())) {
	for range names {
		own, end := s.WithTimeout(ctx, time.Second)
		defer end()
		c.GetOrder(own, nil)
	}
	for range names {
		own, end := open()
		defer end()
		c.GetOrder(own, nil)
	}
	for range names {
		own, _ := ctx, func() {}
		defer c.GetOrder(own, nil)
	}
}
