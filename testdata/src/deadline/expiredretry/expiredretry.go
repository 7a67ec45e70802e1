// Package expiredretry has one deadline for all attempts.
package expiredretry

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/testdata/deadline/expiredretry/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func late(err error) bool { return status.Code(err) == codes.DeadlineExceeded }

func before(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (order *pb.Order, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second) // related `all attempts together have this time`
	defer cancel()
	for range 2 {
		if order, err = c.GetOrder(ctx, req); !late(err) { // want `every attempt after DeadlineExceeded fails at once: OrderService.GetOrder is tried again with a context that has no time left` at "ctx"
			break
		}
	}
	return order, err
}

func withValues(parent context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest, end time.Time) error {
	ctx, cancel := context.WithDeadline(parent, end)
	defer cancel()
	for {
		attempt := metadata.AppendToOutgoingContext(ctx, "attempt", "1")
		_, err := c.GetOrder(attempt, req) // want `fails at once`
		switch status.Code(err) {
		case codes.DeadlineExceeded, codes.Unavailable:
			time.Sleep(10 * time.Millisecond)
			continue
		}
		return err
	}
}

func elsewhere(ctx context.Context, c pb.OrderServiceClient) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for {
		if _, err := helper.Get(ctx, c, "orders/1"); !helper.Late(err) { // want `fails at once` `retry/no-backoff`
			return err
		}
	}
}

func run(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return helper.Retry(func() error {
		_, err := c.GetOrder(ctx, req) // want `fails at once` `retry/no-backoff`
		return err
	})
}

func jump(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
again:
	_, err := c.GetOrder(ctx, req) // want `fails at once`
	if late(err) {
		goto again
	}
	return err
}

// From here on: silence.

func perAttempt(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (err error) {
	for range 3 {
		attempt, cancel := context.WithTimeout(ctx, time.Second)
		_, err = c.GetOrder(attempt, req)
		cancel()
		if !late(err) {
			return err
		}
	}
	return err
}

func asked(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for {
		if _, err := c.GetOrder(ctx, req); !late(err) || ctx.Err() != nil {
			return err
		}
	}
}

func selected(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for {
		if _, err := c.GetOrder(ctx, req); !late(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func handedOn(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest, wait func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for {
		if _, err := c.GetOrder(ctx, req); !late(err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
}

// handedOnInHelper waits in a function that calls what it is handed.
func handedOnInHelper(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest, wait func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for {
		if _, err := c.GetOrder(ctx, req); !late(err) {
			return err
		}
		if err := waitBy(wait, ctx); err != nil {
			return err
		}
	}
}

func waitBy(wait func(context.Context) error, ctx context.Context) error { return wait(ctx) }

func unavailable(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for {
		if _, err := c.GetOrder(ctx, req); status.Code(err) != codes.Unavailable {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func callers(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (err error) {
	for range 2 {
		if _, err = c.GetOrder(ctx, req); !late(err) {
			return err
		}
	}
	return err
}

func cancelled(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for range 2 {
		if _, err = c.GetOrder(ctx, req); !late(err) {
			return err
		}
	}
	return err
}

func poll(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		order, err := c.GetOrder(ctx, req)
		if err != nil || order.GetState() == pb.Order_STATE_PAID {
			return order, err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func items(ctx context.Context, c pb.OrderServiceClient, names []string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, name := range names {
		if _, err := c.GetOrder(ctx, &pb.GetOrderRequest{Name: name}); err != nil && !late(err) {
			return err
		}
	}
	return nil
}
