package loop

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/cancel/loop/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type careful struct {
	pb.UnimplementedOrderServiceServer
	find  func(context.Context, string) (*pb.Order, error)
	ready func() bool
	stop  chan bool
}

func (s *careful) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		if o, err := s.find(ctx, r.GetName()); err != nil {
			return o, err
		}
		<-ticker.C
	}
}

func (s *careful) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	for ctx.Err() == nil && !s.ready() {
		<-time.After(time.Second)
	}
	for range 3 {
		<-time.After(time.Second)
	}
	for _, item := range r.GetOrder().GetItems() {
		<-time.After(time.Duration(item.GetQuantity()))
	}
	for !s.ready() {
		select {
		case <-s.stop:
			return &pb.Order{}, nil
		case <-time.After(time.Second):
		}
	}
	sum := 0
	for sum < 1000 {
		sum += len(r.GetRequestId()) + 1
	}
	if err := helper.Patiently(ctx, s.ready); err != nil {
		return nil, err
	}
	w := &work{ctx: ctx}
	for !w.over() {
		<-time.After(time.Second)
	}
	<-time.After(time.Second)
	go func() {
		for !s.ready() {
			<-time.After(time.Second)
		}
	}()
	return &pb.Order{}, nil
}

type work struct{ ctx context.Context }

func (w *work) over() bool { return w.ctx.Err() != nil }

func (s *careful) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	for range time.Tick(time.Second) {
		if err := stream.Send(&pb.OrderEvent{}); err != nil {
			return err
		}
	}
	return nil
}

func background(ctx context.Context, ready func() bool) {
	for !ready() {
		<-time.After(time.Second)
	}
}
