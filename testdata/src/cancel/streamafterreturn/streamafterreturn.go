// Package streamafterreturn tests cancel/stream-after-return.
package streamafterreturn

import (
	"io"
	"sync"

	"google.golang.org/grpc"

	"example.com/testdata/cancel/streamafterreturn/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	events chan *pb.OrderEvent
}

func (s *server) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	go func() { // want `^WatchOrders returns while a goroutine sends on its stream: the stream ends with the handler, and nothing waits \[cancel/stream-after-return\]$`
		for e := range s.events {
			if stream.Send(e) != nil {
				return
			}
		}
	}()
	return nil
}

func (s *server) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	go s.receive(stream) // want `Chat returns while a goroutine receives on its stream`
	return nil
}

func (s *server) receive(stream pb.OrderService_ChatServer) {
	for {
		if _, err := stream.Recv(); err != nil {
			return
		}
	}
}

type second struct {
	pb.UnimplementedOrderServiceServer
}

func (s *second) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	helper.Start(stream) // want `WatchOrders returns while a goroutine sends on its stream`
	return nil
}

func (s *second) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	go stream.Send(&pb.ChatMessage{}) // want `Chat returns while a goroutine sends`
	return nil
}

type third struct {
	pb.UnimplementedOrderServiceServer
}

func (s *third) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	s.start(stream) // want `Chat returns while a goroutine sends`
	return nil
}

func (s *third) start(stream pb.OrderService_ChatServer) {
	go func() { stream.Send(&pb.ChatMessage{}) }()
}

type careful struct {
	pb.UnimplementedOrderServiceServer
	events chan *pb.OrderEvent
	wg     sync.WaitGroup
}

func (s *careful) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	helper.Run(stream)
	go func() {
		for e := range s.events {
			if stream.Send(e) != nil {
				return
			}
		}
	}()
	<-stream.Context().Done()
	return stream.Context().Err()
}

func (s *careful) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	go func() { stream.Send(&pb.ChatMessage{}) }()
	for {
		if _, err := stream.Recv(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

type joining struct {
	pb.UnimplementedOrderServiceServer
	wg sync.WaitGroup
}

func (s *joining) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	defer s.wg.Wait()
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		stream.Send(&pb.ChatMessage{})
	}()
	return nil
}

func (s *joining) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		stream.Send(&pb.OrderEvent{})
	}()
	s.finish()
	return nil
}

func (s *joining) finish() { s.wg.Wait() }

type synchronous struct {
	pb.UnimplementedOrderServiceServer
}

func (s *synchronous) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	func() { stream.Send(&pb.ChatMessage{}) }()
	return stream.Send(&pb.ChatMessage{})
}

func unrelated(stream pb.OrderService_ChatServer) {
	go stream.Send(&pb.ChatMessage{})
}
