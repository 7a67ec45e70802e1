// Package loop tests cancel/loop.
package loop

import (
	"context"
	"sync"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/cancel/loop/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	find  func(string) *pb.Order
	ready func() bool
}

func (s *server) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		if o := s.find(r.GetName()); o != nil {
			return o, nil
		}
		<-ticker.C // want `^GetOrder polls on when its client has gone: the loop around this pause never looks at the context \[cancel/loop\]$`
	}
}

func (s *server) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	for !s.ready() {
		time.Sleep(time.Millisecond) // want `CreateOrder polls on`
	}
	for !s.ready() {
		<-time.After(time.Second) // want `CreateOrder polls on`
	}
	s.wait(ctx)
	helper.Until(ctx, s.ready) // want `CreateOrder polls on when its client has gone \(Until\)`
	return &pb.Order{}, nil
}

func (s *server) wait(ctx context.Context) {
	for {
		select {
		case <-time.After(time.Second): // want `CreateOrder polls on when its client has gone \(server.wait\)`
			if s.ready() {
				return
			}
		}
	}
}

func (s *server) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	for range time.Tick(time.Second) { // want `WatchOrders polls on`
		if s.ready() {
			break
		}
	}
	return stream.Send(&pb.OrderEvent{})
}

type queue struct {
	pb.UnimplementedOrderServiceServer
	mu    sync.Mutex
	more  *sync.Cond
	items []*pb.Order
}

func (q *queue) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.more.Wait() // want `^GetOrder waits on when its client has gone: the loop around Cond.Wait never looks at the context \[cancel/loop\]$`
	}
	return q.items[0], nil
}

func (q *queue) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	if r.GetRequestId() == "" {
		return &pb.Order{}, nil
	}
	defer context.AfterFunc(ctx, q.more.Broadcast)()
	for len(q.items) > 10 && ctx.Err() == nil {
		q.more.Wait()
	}
	return r.GetOrder(), nil
}
