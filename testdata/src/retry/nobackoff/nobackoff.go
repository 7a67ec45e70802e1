// Package nobackoff does not wait.
package nobackoff

import (
	"context"
	"errors"
	"log"
	"time"

	"golang.org/x/sync/semaphore"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/nobackoff/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func counted(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (order *pb.Order, err error) {
	for i := 0; i < 10; i++ {
		order, err = c.GetOrder(ctx, req) // want `a server that is down gets OrderService.GetOrder 10 times in a row: nothing waits between the attempts`
		if status.Code(err) != codes.Unavailable {
			return order, err
		}
		log.Printf("attempt %d: %v", i, err)
	}
	return nil, err
}

func endless(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (*pb.Order, error) {
	for {
		order, err := c.GetOrder(ctx, req) // want `for as long as it lasts`
		if err == nil || !isDown(err) {
			return order, err
		}
	}
}

func isDown(err error) bool { return status.Code(err) == codes.Unavailable }

func configured(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest, n int) (order *pb.Order, err error) {
	for range n {
		if order, err = c.GetOrder(ctx, req); !isDown(err) { // want `in a row`
			break
		}
	}
	return order, err
}

type client struct {
	c   pb.OrderServiceClient
	log func(format string, args ...any)
}

func (c *client) get(ctx context.Context, name string) (order *pb.Order, err error) {
	for range 5 {
		order, err = c.c.GetOrder(ctx, &pb.GetOrderRequest{Name: name}) // want `5 times in a row`
		if !isDown(err) {
			return order, err
		}
		c.logf("will try again")
	}
	return nil, err
}

func (c *client) logf(format string, args ...any) { c.log(format, args...) }

func again(f func() error) (err error) {
	for range 4 {
		if err = f(); !isDown(err) {
			return err
		}
	}
	return err
}

func run(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	return again(func() error {
		_, err := c.GetOrder(ctx, req) // want `4 times in a row`
		return err
	})
}

func elsewhere(ctx context.Context, c pb.OrderServiceClient) (order *pb.Order, err error) {
	for range 4 {
		if order, err = helper.Get(ctx, c, "orders/1"); !isDown(err) { // want `OrderService.GetOrder \(Get\) 4 times in a row`
			return order, err
		}
	}
	return nil, err
}

func runElsewhere(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	return helper.Again(func() error {
		_, err := c.GetOrder(ctx, req) // want `5 times in a row`
		return err
	})
}

// From here on: silence.

func twice(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (order *pb.Order, err error) {
	for range 2 {
		if order, err = c.GetOrder(ctx, req); !isDown(err) {
			break
		}
	}
	return order, err
}

func waitsFirst(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (order *pb.Order, err error) {
	for i := range 5 {
		if i > 0 {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		if order, err = c.GetOrder(ctx, req); !isDown(err) {
			return order, err
		}
	}
	return nil, err
}

func ticks(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for range ticker.C {
		if _, err := c.GetOrder(ctx, req); !isDown(err) {
			return err
		}
	}
	return nil
}

func ready(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for range 5 {
		if _, err := c.GetOrder(ctx, req, grpc.WaitForReady(true)); !isDown(err) {
			return err
		}
	}
	return nil
}

type sleeper interface{ Wait(context.Context) error }

func unknown(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest, s sleeper) error {
	for range 5 {
		if _, err := c.GetOrder(ctx, req); !isDown(err) {
			return err
		}
		if err := s.Wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func limited(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest, s *semaphore.Weighted) error {
	for range 5 {
		if err := s.Acquire(ctx, 1); err != nil {
			return err
		}
		_, err := c.GetOrder(ctx, req)
		s.Release(1)
		if !isDown(err) {
			return err
		}
	}
	return nil
}

func servers(ctx context.Context, cs []pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for i := range 9 {
		if _, err := cs[i%len(cs)].GetOrder(ctx, req); !isDown(err) {
			return err
		}
	}
	return nil
}

func answered(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for range 5 {
		if _, err := c.GetOrder(ctx, req); status.Code(err) != codes.Aborted {
			return err
		}
	}
	return errors.New("too often")
}

func grow(wait time.Duration) time.Duration {
	<-time.After(wait)
	return 2 * wait
}

func inHelper(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	wait := time.Second
	for range 5 {
		if _, err := c.GetOrder(ctx, req); !isDown(err) {
			return err
		}
		wait = grow(wait)
	}
	return nil
}

func patiently(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	return helper.Patiently(ctx, func() error {
		_, err := c.GetOrder(ctx, req)
		return err
	})
}

func runImported(ctx context.Context, c pb.OrderServiceClient) error {
	return again(func() error {
		_, err := helper.Get(ctx, c, "orders/1") // want `4 times in a row`
		return err
	})
}

// runSlow: what is called waits by itself.
func runSlow(ctx context.Context, c pb.OrderServiceClient) error {
	return again(func() error {
		_, err := helper.GetLater(ctx, c, "orders/1")
		return err
	})
}
