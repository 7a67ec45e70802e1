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

func retriesSome(ctx context.Context, c pb.OrderServiceClient, again func(error) bool) error {
	for {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop() // want `contexts and timers pile up`
		_, err := c.GetOrder(attempt, nil)
		if err != nil && again(err) {
			continue
		}
		return err
	}
}

func nextItem(ctx context.Context, c pb.OrderServiceClient, names []string) error {
items:
	for range names {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop() // want `deadline/deferred-cancel`
		for range names {
			if o, err := c.GetOrder(attempt, nil); err == nil && o.GetName() == "" {
				continue items
			}
			return nil
		}
		return nil
	}
	return nil
}

func (session) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, time.Second)
}

func ownMaker(ctx context.Context, c pb.OrderServiceClient, s session, names []string) {
	for range names {
		attempt, stop := s.limit(ctx)
		defer stop() // want `^contexts pile up until the function returns: stop of this iteration's s.limit is deferred in a loop`
		c.GetOrder(attempt, nil)
	}
}

// Silent.

// The loop goes on before the context is made, in a loop inside, or in a
// function that is not run here.
func continuesElsewhere(ctx context.Context, c pb.OrderServiceClient, names []string) error {
	for _, name := range names {
		if name == "" {
			continue
		}
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		for _, other := range names {
			if other == name {
				continue
			}
			c.GetOrder(attempt, nil)
		}
		return func() error {
			for range names {
				continue
			}
			return nil
		}()
	}
	return nil
}

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
