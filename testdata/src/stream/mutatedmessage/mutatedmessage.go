// Package mutatedmessage tests stream/mutated-message.
package mutatedmessage

import (
	"google.golang.org/protobuf/proto"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	names []string
}

func (s *server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	event := &pb.OrderEvent{}
	for _, name := range s.names {
		event.Order = &pb.Order{Name: name}
		if err := stream.Send(event); err != nil { // want `^a tracer or a stats handler may see another message than was sent: event is changed after Send \[stream/mutated-message\]$`
			return err
		}
	}
	return nil
}

func (s *server) Chat(stream pb.OrderService_ChatServer) error {
	m, err := stream.Recv()
	if err != nil {
		return err
	}
	if err := stream.Send(m); err != nil { // want `m is changed after Send`
		return err
	}
	m.Text = "bye"
	return stream.SendMsg(m)
}

// What follows is right.

type right struct {
	pb.UnimplementedOrderServiceServer
	names []string
}

func (s *right) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	for _, name := range s.names {
		event := &pb.OrderEvent{}
		event.Order = &pb.Order{Name: name}
		if err := stream.Send(event); err != nil {
			return err
		}
	}
	return nil
}

func (s *right) Chat(stream pb.OrderService_ChatServer) error {
	m := &pb.ChatMessage{Text: "hello"}
	if err := stream.Send(m); err != nil {
		return err
	}
	m = proto.Clone(m).(*pb.ChatMessage)
	m.Text = "bye"
	return stream.Send(m)
}

func echo(stream pb.OrderService_ChatServer) error {
	for {
		m, err := stream.Recv()
		if err != nil {
			return err
		}
		m.Text += "!"
		if err := stream.Send(m); err != nil {
			return err
		}
	}
}

// Bad: a helper sends.

func hello(stream pb.OrderService_ChatServer, m *pb.ChatMessage) error { return stream.Send(m) }

func changedAfterHelper(stream pb.OrderService_ChatServer) error {
	m := &pb.ChatMessage{Text: "hello"}
	if err := hello(stream, m); err != nil { // want `the message is changed after Send`
		return err
	}
	m.Text = "bye"
	return nil
}

// Silent: another message, or a copy.

func changesOther(stream pb.OrderService_ChatServer) error {
	m, other := &pb.ChatMessage{Text: "hello"}, &pb.ChatMessage{}
	if err := hello(stream, m); err != nil {
		return err
	}
	other.Text = "bye"
	return hello(stream, proto.Clone(other).(*pb.ChatMessage))
}
