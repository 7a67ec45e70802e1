package unbufferedresult

import (
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/types/known/emptypb"

	pb "example.com/testdata/stubs/orderpb"
)

type source struct {
	pb.UnimplementedOrderServiceServer
	next func() (*pb.Order, error)
	work func(string) error
}

// Who sends goes on, and who takes leaves when the client has gone.
func (s *source) WatchOrders(r *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	orders := make(chan *pb.Order)
	go func() {
		defer close(orders)
		for {
			o, err := s.next()
			if err != nil {
				return
			}
			select {
			case <-stream.Context().Done():
				return
			default:
				orders <- o // want `a goroutine stays for ever when WatchOrders gives up first`
			}
		}
	}()
	for o := range orders {
		if err := stream.Send(&pb.OrderEvent{Order: o}); err != nil {
			return err
		}
	}
	return nil
}

// One of many fails, and nobody takes what the others say.
func (s *source) ListOrders(ctx context.Context, r *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	names := []string{"a", "b", "c"}
	failures := make(chan error) // want `when ListOrders gives up first`
	for _, name := range names {
		go func() { failures <- s.work(name) }()
	}
	for range names {
		if err := <-failures; err != nil {
			return nil, err
		}
	}
	return &pb.ListOrdersResponse{}, nil
}

// The first of two to end ends both.
func (s *source) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	ends := make(chan error) // want `when GetOrder gives up first`
	go func() { ends <- s.work("in") }()
	go func() { ends <- s.work("out") }()
	if err := <-ends; err != nil {
		return nil, err
	}
	return &pb.Order{}, <-ends
}

func (s *source) Chat(stream pb.OrderService_ChatServer) error {
	in := make(chan *pb.ChatMessage)
	go func() {
		for {
			m, err := stream.Recv()
			if err != nil {
				close(in)
				return
			}
			in <- m // want `when Chat gives up first`
		}
	}()
	tick := time.NewTicker(time.Second)
	for {
		select {
		case m, ok := <-in:
			if !ok {
				return nil
			}
			if err := stream.Send(m); err != nil {
				return err
			}
		case <-tick.C:
		}
	}
}

// Silent: whoever sends ends too, or everything is taken.

type complete struct{ source }

type result struct {
	m   *pb.ChatMessage
	err error
}

func (s *complete) Chat(stream pb.OrderService_ChatServer) error {
	in := make(chan result)
	go func() {
		for {
			m, err := stream.Recv()
			in <- result{m, err}
			if err != nil {
				return
			}
		}
	}()
	for {
		r := <-in
		if r.err != nil {
			return nil
		}
		if r.m.GetText() == "bye" {
			return nil // who sends may know that word as well
		}
	}
}

func (s *complete) ListOrders(ctx context.Context, r *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	names := []string{"a", "b", "c"}
	failures := make(chan error)
	for _, name := range names {
		go func() { failures <- s.work(name) }()
	}
	var all error
	for range names {
		if err := <-failures; err != nil {
			all = errors.Join(all, err)
		}
	}
	return &pb.ListOrdersResponse{}, all
}

func (s *complete) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	ends := make(chan error)
	go func() { ends <- s.work("in") }()
	go func() { ends <- s.work("out") }()
	if err := errors.Join(<-ends, <-ends); err != nil {
		return nil, err
	}
	return &pb.Order{}, nil
}

func (s *complete) WatchOrders(r *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	orders := make(chan *pb.Order)
	go func() {
		defer close(orders)
		for range 10 {
			o, _ := s.next()
			orders <- o
		}
	}()
	var failed error
	for o := range orders {
		if failed == nil {
			failed = stream.Send(&pb.OrderEvent{Order: o})
		}
	}
	return failed
}

type correlated struct{ source }

func (s *correlated) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (*pb.Order, error) {
	orders, ends := make(chan *pb.Order), make(chan error, 1)
	go func() {
		for {
			o, err := s.next()
			if err != nil {
				ends <- err
				return
			}
			orders <- o
		}
	}()
	for {
		select {
		case o := <-orders:
			r.Order = o
		case err := <-ends: // by then nobody sends
			return r.GetOrder(), err
		}
	}
}

func (s *complete) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (*pb.Order, error) {
	orders := make(chan *pb.Order)
	go func() {
		for range 2 {
			o, _ := s.next()
			orders <- o
		}
	}()
	first := <-orders
	<-orders
	return first, nil
}

func (s *complete) DeleteOrder(ctx context.Context, r *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	ends := make(chan error)
	if r.GetName() == "" {
		go func() { ends <- s.work("none") }()
	} else {
		go func() { ends <- s.work("one") }()
	}
	return &emptypb.Empty{}, <-ends
}
