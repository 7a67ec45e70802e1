// Package deafsleep sleeps on.
package deafsleep

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

func fixed(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (order *pb.Order, err error) {
	for range 3 {
		order, err = c.GetOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return order, err
		}
		time.Sleep(2 * time.Second) // want `trying OrderService.GetOrder again outlasts ctx: time.Sleep between two attempts does not look at it`
	}
	return nil, err
}

func growing(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	wait := time.Second
	for {
		attempt, cancel := context.WithTimeout(ctx, time.Second)
		_, err := c.DeleteOrder(attempt, req)
		cancel()
		if status.Code(err) != codes.Unavailable {
			return err
		}
		time.Sleep(wait) // want `outlasts ctx`
		wait *= 2
	}
}

// poll asks until the order is paid.
func poll(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest, wait time.Duration) (int, error) {
	for {
		order, err := c.GetOrder(ctx, req)
		if err != nil {
			return 0, err
		}
		if order.GetState() == pb.Order_STATE_PAID {
			return len(order.GetItems()), nil
		}
		time.Sleep(wait) // want `outlasts ctx`
	}
}

func noError(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) *pb.Order {
	for {
		order, err := c.GetOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return order
		}
		time.Sleep(time.Second) // want `outlasts ctx`
	}
}

func inLiteral(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) func() error {
	return func() error {
		for {
			_, err := c.GetOrder(ctx, req)
			if status.Code(err) != codes.Unavailable {
				return err
			}
			time.Sleep(time.Second) // want `outlasts ctx`
		}
	}
}

// shadowed has a context of that name for each attempt: the fix would look at
// the wrong one.
func shadowed(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		_, err := c.GetOrder(ctx, req)
		cancel()
		if status.Code(err) != codes.Unavailable {
			return err
		}
		time.Sleep(time.Second) // want `outlasts ctx`
	}
}

// From here on: silence.

func listens(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for {
		_, err := c.GetOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func short(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for {
		_, err := c.GetOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		time.Sleep(900 * time.Millisecond)
	}
}

func process(c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		_, err := c.GetOrder(ctx, req)
		cancel()
		if status.Code(err) != codes.Unavailable {
			return err
		}
		time.Sleep(time.Second)
	}
}

func worker(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) {
	for ctx.Err() == nil {
		_, _ = c.GetOrder(ctx, req)
		time.Sleep(time.Second)
	}
}

func heartbeat(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for {
		if _, err := c.GetOrder(ctx, req); err != nil {
			return err
		}
		time.Sleep(time.Second)
	}
}

func after(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	_, err := c.GetOrder(ctx, req)
	time.Sleep(time.Second)
	return err
}

func items(ctx context.Context, c pb.OrderServiceClient, names []string) error {
	for _, name := range names {
		if _, err := c.GetOrder(ctx, &pb.GetOrderRequest{Name: name}); err != nil {
			return err
		}
		time.Sleep(time.Second) // the next one, not too soon
	}
	return nil
}

func kept(c *keeper, req *pb.GetOrderRequest) error {
	for {
		_, err := c.GetOrder(c.ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		time.Sleep(time.Second)
	}
}

type keeper struct {
	pb.OrderServiceClient
	ctx context.Context
}
