package unbufferedresult

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

type chatter struct {
	pb.UnimplementedOrderServiceServer
	work func(context.Context) *pb.Order
}

// A channel made of a blocking Recv, and handed to what answers.
func (s *chatter) Chat(stream pb.OrderService_ChatServer) error {
	requests := make(chan *pb.ChatMessage) // related `the channel has no room`
	go func() {
		defer close(requests)
		for {
			m, err := stream.Recv()
			if err != nil {
				return
			}
			requests <- m // want `^a goroutine stays for ever when Chat gives up first: it waits on this send, which has no other way out` at "requests <- m"
		}
	}()
	return answer(stream, requests)
}

func answer(stream pb.OrderService_ChatServer, requests <-chan *pb.ChatMessage) error {
	for {
		select {
		case <-stream.Context().Done():
			return stream.Context().Err()
		case m, ok := <-requests:
			if !ok {
				return nil
			}
			if err := stream.Send(m); err != nil {
				return err
			}
		}
	}
}

// Silent: a case that does not leave.
func (s *chatter) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	ch := make(chan *pb.Order)
	go func() { ch <- s.work(ctx) }()
	slow := false
	for {
		select {
		case o := <-ch:
			o.Name += map[bool]string{true: " (slow)"}[slow]
			return o, nil
		case <-time.After(time.Second):
			slow = true
		}
	}
}

// Silent: what is left is taken.
func (s *chatter) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	ch := make(chan *pb.Order)
	go func() { ch <- s.work(ctx) }()
	o, err := await(ctx, ch)
	if err != nil {
		<-ch
	}
	return o, err
}

func await(ctx context.Context, ch <-chan *pb.Order) (*pb.Order, error) {
	select {
	case o := <-ch:
		return o, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Silent: the function that is called keeps it.
func (s *chatter) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (*pb.Order, error) {
	ch := make(chan *pb.Order)
	go func() { ch <- s.work(ctx) }()
	keep(ch)
	return await(ctx, ch)
}

var kept chan *pb.Order

func keep(ch chan *pb.Order) { kept = ch }
