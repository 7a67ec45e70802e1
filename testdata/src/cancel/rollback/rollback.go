// Package rollback undoes what it has done.
package rollback

import (
	"context"
	"errors"
	"log"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

type shop struct{ orders pb.OrderServiceClient }

func (s *shop) place(ctx context.Context, req *pb.CreateOrderRequest) (err error) {
	order, err := s.orders.CreateOrder(ctx, req)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = s.orders.DeleteOrder(ctx, &pb.DeleteOrderRequest{Name: order.GetName()}) // want `DeleteOrder is not made when it is needed most: if ctx is over, which is why this fails, the RPC fails at once \[cancel/rollback\]`
		}
	}()
	return s.pay(ctx, order)
}

func (s *shop) pay(context.Context, *pb.Order) error { return errors.New("no money") }

func logged(ctx context.Context, orders pb.OrderServiceClient) (retErr error) {
	defer func() {
		if retErr != nil {
			if _, err := orders.DeleteOrder(ctx, &pb.DeleteOrderRequest{}); err != nil { // want `cancel/rollback`
				log.Print(err)
			}
		}
	}()
	return errors.New("x")
}

func nested(parent context.Context, orders pb.OrderServiceClient) (err error) {
	defer func() {
		log.Print("done")
		if err != nil {
			for range 3 {
				orders.DeleteOrder(parent, &pb.DeleteOrderRequest{}) // want `if parent is over`
			}
		}
	}()
	return nil
}

func inBranch(ctx context.Context, orders pb.OrderServiceClient, keep bool) (err error) {
	if !keep {
		defer func() {
			if err != nil {
				orders.DeleteOrder(ctx, &pb.DeleteOrderRequest{}) // want `cancel/rollback`
			}
		}()
	}
	return nil
}

func inverted(ctx context.Context, orders pb.OrderServiceClient) (err error) {
	defer func() {
		if (err) != nil {
			orders.DeleteOrder(ctx, &pb.DeleteOrderRequest{}) // want `cancel/rollback`
		}
	}()
	return nil
}

// Detached, with time of its own.
func detached(ctx context.Context, orders pb.OrderServiceClient) (err error) {
	defer func() {
		if err != nil {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			orders.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
		}
	}()
	return nil
}

// Another context.
func background(ctx, cleanup context.Context, orders pb.OrderServiceClient) (err error) {
	own := context.WithoutCancel(cleanup)
	defer func() {
		if err != nil {
			orders.DeleteOrder(own, &pb.DeleteOrderRequest{})
		}
	}()
	return ctx.Err()
}

// Nothing is undone.
func reads(ctx context.Context, orders pb.OrderServiceClient) (err error) {
	defer func() {
		if err != nil {
			orders.GetOrder(ctx, &pb.GetOrderRequest{})
		}
	}()
	return nil
}

// Whatever comes of it: the context is mostly alive.
func always(ctx context.Context, orders pb.OrderServiceClient) error {
	defer func() {
		orders.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
	}()
	return nil
}

// Only if it went well.
func success(ctx context.Context, orders pb.OrderServiceClient) (err error) {
	defer func() {
		if err == nil {
			orders.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
		}
	}()
	return nil
}

// Not deferred: the function sees the error, and its context, itself.
func atOnce(ctx context.Context, orders pb.OrderServiceClient) error {
	if err := work(ctx); err != nil {
		orders.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
		return err
	}
	return nil
}

func work(context.Context) error { return nil }

// No RPC.
func local(ctx context.Context, s *store) (err error) {
	defer func() {
		if err != nil {
			s.DeleteOrder(ctx)
		}
	}()
	return nil
}

type store struct{}

func (*store) DeleteOrder(context.Context) {}

// Another error than nil is asked for.
func special(ctx context.Context, orders pb.OrderServiceClient) (err error) {
	defer func() {
		if err != context.Canceled {
			orders.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
		}
	}()
	return nil
}
