package sleep

import (
	"context"
	"os"
	"time"

	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/cancel/sleep/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func (s *server) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (*pb.Order, error) {
	time.Sleep(10 * time.Millisecond)
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(5 * time.Second):
	}
	go func() { time.Sleep(time.Second) }()
	go s.later(ctx)
	s.unconnected()
	return &pb.Order{}, nil
}

// extraLatency is zero unless somebody wants to see what a slow server does.
var extraLatency time.Duration

func init() {
	if d, err := time.ParseDuration(os.Getenv("EXTRA_LATENCY")); err == nil {
		extraLatency = d
	}
}

func (s *server) DeleteOrder(ctx context.Context, r *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	time.Sleep(extraLatency)
	return &emptypb.Empty{}, ctx.Err()
}

func (s *server) later(ctx context.Context) { time.Sleep(time.Second) }

func (s *server) unconnected() {
	if extraLatency > 0 {
		time.Sleep(time.Second)
	}
}

func (s *server) ListOrders(ctx context.Context, r *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	s.detached(context.WithoutCancel(ctx))
	s.detached(context.Background())
	helper.Settle(context.WithoutCancel(ctx), 1)
	go helper.Settle(ctx, 1)
	helper.Patient(ctx)
	return &pb.ListOrdersResponse{}, nil
}

func (s *server) detached(ctx context.Context) {
	time.Sleep(time.Second)
}

func background(ctx context.Context) {
	for {
		time.Sleep(time.Minute)
	}
}
