package cleanup

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

type leasing struct {
	pb.UnimplementedOrderServiceServer
	c pb.OrderServiceClient
}

// lease makes a lease; what it returns releases it.
func (s *leasing) lease(ctx context.Context) (context.Context, func(context.Context) error, error) {
	o, err := s.c.CreateOrder(ctx, &pb.CreateOrderRequest{RequestId: "lease"})
	if err != nil {
		return nil, nil, err
	}
	return ctx, func(ctx context.Context) error {
		_, err := s.c.DeleteOrder(ctx, &pb.DeleteOrderRequest{Name: o.GetName()})
		return err
	}, nil
}

func (s *leasing) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (_ *pb.Order, failed error) {
	ctx, release, err := s.lease(ctx)
	if err != nil {
		return nil, err
	}
	defer release(ctx) // want `^DeleteOrder fails when the client of UpdateOrder has gone: it is deferred with a context that is over then \[cancel/cleanup\]$`
	defer func() {
		if failed != nil {
			s.c.DeleteOrder(ctx, &pb.DeleteOrderRequest{}) // want `DeleteOrder fails when the client of UpdateOrder has gone`
		}
	}()
	return s.c.GetOrder(ctx, &pb.GetOrderRequest{})
}

func (s *leasing) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	s.c.GetOrder(ctx, r)
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		s.c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
	}()
	defer s.c.DeleteOrder(context.WithoutCancel(ctx), &pb.DeleteOrderRequest{})
	return s.c.GetOrder(ctx, r)
}

// Silent: it works for no handler, and its context may last.
func (s *leasing) hold(ctx context.Context) {
	defer s.c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
	s.c.GetOrder(ctx, &pb.GetOrderRequest{})
}
