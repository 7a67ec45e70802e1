package channel

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/cancel/channel/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type careful struct {
	pb.UnimplementedOrderServiceServer
	events chan *pb.OrderEvent
	ready  chan struct{}
	tokens chan struct{}
	queue  chan *pb.Order
	broker *helper.Broker
}

func (s *careful) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	for {
		select {
		case e := <-s.events:
			if err := stream.Send(e); err != nil {
				return err
			}
		case <-stream.Context().Done():
			return stream.Context().Err()
		}
	}
}

func (s *careful) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	for e := range s.broker.SubscribeFor(stream.Context()) {
		if err := stream.Send(&pb.ChatMessage{Text: e.GetOrder().GetName()}); err != nil {
			return err
		}
	}
	return nil
}

func (s *careful) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	<-s.ready
	s.tokens <- struct{}{}
	s.queue <- &pb.Order{}
	select {
	case e := <-s.events:
		return &pb.Order{Name: e.GetOrder().GetName()}, nil
	default:
	}
	select {
	case e := <-s.events:
		return &pb.Order{Name: e.GetOrder().GetName()}, nil
	case <-time.After(time.Second):
	}
	return &pb.Order{}, nil
}

func (s *careful) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	done := make(chan *pb.Order)
	go func() { done <- &pb.Order{} }()
	return <-done, nil
}

type request struct{ reply chan *pb.Order }

func (s *careful) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (*pb.Order, error) {
	req := &request{make(chan *pb.Order)}
	return <-req.reply, nil
}

func (s *careful) UploadOrders(stream grpc.ClientStreamingServer[pb.UploadOrdersRequest, pb.UploadOrdersResponse]) error {
	if stream.Context().Err() != nil {
		return stream.Context().Err()
	}
	<-s.events
	return nil
}

// session knows its stream, and may well be told of its end.
type session struct {
	stream pb.OrderService_ChatServer
	in     chan *pb.ChatMessage
}

func (s *session) run(ctx context.Context) {
	for m := range s.in {
		if s.stream.Send(m) != nil {
			return
		}
	}
}

type sessions struct {
	pb.UnimplementedOrderServiceServer
}

func (s *sessions) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	c := &session{stream: stream}
	c.run(stream.Context())
	return nil
}

func background(ctx context.Context, s *server) { <-s.events }
