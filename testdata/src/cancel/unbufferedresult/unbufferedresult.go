// Package unbufferedresult tests cancel/unbuffered-result.
package unbufferedresult

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/cancel/unbufferedresult/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	load func() (*pb.Order, error)
}

func (s *server) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	ch := make(chan *pb.Order) // want `^a goroutine stays for ever when GetOrder gives up first: it waits to send on this channel, which has no room \[cancel/unbuffered-result\]$`
	go func() {
		o, _ := s.load()
		ch <- o // related `waits here`
	}()
	select {
	case o := <-ch:
		return o, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *server) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	type result struct {
		o   *pb.Order
		err error
	}
	done := make(chan result) // want `when CreateOrder gives up first`
	go func(out chan result) {
		o, err := s.load()
		if err != nil {
			out <- result{err: err}
			return
		}
		out <- result{o: o}
	}(done)
	select {
	case r := <-done:
		return r.o, r.err
	case <-time.After(time.Second):
		return &pb.Order{}, nil
	}
}

func (s *server) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (*pb.Order, error) {
	return s.slow(ctx)
}

func (s *server) slow(ctx context.Context) (*pb.Order, error) {
	var errs = make(chan error) // want `when UpdateOrder gives up first`
	go func() {
		defer close(errs)
		_, err := s.load()
		errs <- err
	}()
	select {
	case err := <-errs:
		return nil, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *server) WatchOrders(r *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	orders := make(chan *pb.Order) // want `when WatchOrders gives up first`
	go func() {
		o, _ := s.load()
		orders <- o
	}()
	select {
	case o := <-orders:
		return stream.Send(&pb.OrderEvent{Order: o})
	case <-stream.Context().Done():
		return stream.Context().Err()
	}
}

func (s *server) DeleteOrder(ctx context.Context, r *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	load := func() *pb.Order { o, _ := s.load(); return o }
	if _, err := helper.LoadWithRoom(ctx, load); err != nil {
		return nil, err
	}
	_, err := helper.Load(ctx, load) // want `^a goroutine stays for ever when DeleteOrder gives up first \(Load\): it waits to send on a channel without room`
	return &emptypb.Empty{}, err
}

type careful struct {
	pb.UnimplementedOrderServiceServer
	load func() (*pb.Order, error)
	out  chan *pb.Order
}

func (s *careful) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	ch := make(chan *pb.Order, 1)
	go func() {
		o, _ := s.load()
		ch <- o
	}()
	select {
	case o := <-ch:
		return o, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *careful) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	ch := make(chan *pb.Order)
	go func() {
		o, _ := s.load()
		select {
		case ch <- o:
		case <-ctx.Done():
		}
	}()
	select {
	case o := <-ch:
		return o, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *careful) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (*pb.Order, error) {
	ch := make(chan *pb.Order)
	go func() {
		o, _ := s.load()
		ch <- o
	}()
	select {
	case o := <-ch:
		return o, nil
	case <-ctx.Done():
		<-ch
		return nil, ctx.Err()
	}
}

func (s *careful) ListOrders(ctx context.Context, r *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	ch := make(chan *pb.Order) // want `when ListOrders gives up first`
	go func() { ch <- &pb.Order{} }()
	for range 3 {
		select {
		case <-ch:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	done := make(chan struct{})
	go func() {
		s.load()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	handed := make(chan *pb.Order)
	s.out = handed
	go func() { handed <- &pb.Order{} }()
	select {
	case <-handed:
	case <-ctx.Done():
	}
	return &pb.ListOrdersResponse{}, nil
}

func (s *careful) WatchOrders(r *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	orders := make(chan *pb.Order)
	go func() {
		o, _ := s.load()
		orders <- o
	}()
	return stream.Send(&pb.OrderEvent{Order: <-orders})
}

func (s *careful) DeleteOrder(ctx context.Context, r *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	stop := make(chan struct{})
	go func() {
		defer close(stop)
		_, _ = s.load()
	}()
	select {
	case <-stop:
	case <-ctx.Done():
	}
	return &emptypb.Empty{}, nil
}

func background(ctx context.Context) {
	ch := make(chan int)
	go func() { ch <- 1 }()
	select {
	case <-ch:
	case <-ctx.Done():
	}
}
