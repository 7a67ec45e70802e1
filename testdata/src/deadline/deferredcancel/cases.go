// Package deferredcancel tests deadline/deferred-cancel.
package deferredcancel

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

func forever(c pb.OrderServiceClient) {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel() // want `^contexts and timers pile up until the function returns: cancel of this iteration's context.WithTimeout is deferred in a loop \[deadline/deferred-cancel\]$`
		c.GetOrder(ctx, nil)
	}
}

func overItems(ctx context.Context, c pb.OrderServiceClient, names []string) error {
	for _, name := range names {
		attempt, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel() // want `deadline/deferred-cancel`
		if _, err := c.GetOrder(attempt, &pb.GetOrderRequest{Name: name}); err != nil {
			return err
		}
	}
	return nil
}

func retry(ctx context.Context, c pb.OrderServiceClient) (err error) {
	for err != nil {
		attempt, stop := context.WithCancel(ctx)
		defer stop()                      // want `stop of this iteration's context.WithCancel`
		_, err = c.GetOrder(attempt, nil) // want info `retry/any-error` `retry/no-backoff` info `retry/unbounded`
	}
	return err
}

func nested(ctx context.Context, c pb.OrderServiceClient, names []string) {
	for range names {
		if len(names) > 3 {
			attempt, cancel := context.WithDeadline(ctx, time.Now().Add(time.Second))
			defer cancel() // want `context.WithDeadline`
			c.GetOrder(attempt, nil)
		}
	}
}

func overLiteral(ctx context.Context, c pb.OrderServiceClient) {
	for _, name := range []string{"a", "b"} {
		attempt, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel() // want info `deadline/deferred-cancel`
		c.GetOrder(attempt, &pb.GetOrderRequest{Name: name})
	}
}

func silent(ctx context.Context, c pb.OrderServiceClient, names []string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, name := range names {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		c.GetOrder(attempt, &pb.GetOrderRequest{Name: name})
		stop()
	}
	for range names {
		func() {
			attempt, stop := context.WithTimeout(ctx, time.Second)
			defer stop()
			c.GetOrder(attempt, nil)
		}()
	}
	for range names {
		go func() {
			attempt, stop := context.WithTimeout(ctx, time.Second)
			defer stop()
			c.GetOrder(attempt, nil)
		}()
	}
	for i := 0; i < 3; i++ {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		c.GetOrder(attempt, nil)
	}
	for range 3 {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		c.GetOrder(attempt, nil)
	}
	for range names {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		_, err := c.GetOrder(attempt, nil)
		return err
	}
	for range names {
		if names[0] == "last" {
			attempt, stop := context.WithTimeout(ctx, time.Second)
			defer stop()
			_, err := c.GetOrder(attempt, nil)
			return err
		}
	}
	for range names {
		defer cancel()
	}
	for range names {
		session, stop := context.WithCancel(ctx)
		defer stop()
		go c.WatchOrders(session, nil)
	}
	var later []func()
	for range names {
		session, stop := context.WithCancel(ctx)
		defer stop()
		later = append(later, func() { c.GetOrder(session, nil) })
	}
	for range names {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		//grpclint:ignore deadline/deferred-cancel a handful at most
		defer stop()
		c.GetOrder(attempt, nil)
	}
	return nil
}
