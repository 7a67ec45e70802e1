// Package uncheckedrecv tests stream/unchecked-recv.
package uncheckedrecv

import (
	"context"
	"errors"
	"io"
	"log"

	"example.com/testdata/stream/uncheckedrecv/printer"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

func (s *server) Chat(stream pb.OrderService_ChatServer) error {
	m, err := stream.Recv()
	if err == io.EOF {
		return nil
	}
	log.Print(m.Text) // want `^panics when the stream fails: Recv returns nil with an error, and the message is read all the same \[stream/unchecked-recv\]$`
	return nil
}

func first(ctx context.Context, c pb.OrderServiceClient) (string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.Chat(ctx)
	if err != nil {
		return "", err
	}
	m, err := stream.Recv()
	if err != nil {
		log.Print(err)
	}
	return m.Text, nil // want `panics when the stream fails`
}

func dropped(stream pb.OrderService_ChatServer) string {
	m, _ := stream.Recv()
	return m.Text // want `panics when the stream fails`
}

// What follows is right.

func checked(stream pb.OrderService_ChatServer) (string, error) {
	m, err := stream.Recv()
	if errors.Is(err, io.EOF) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return m.Text, nil
}

func getter(stream pb.OrderService_ChatServer) string {
	m, err := stream.Recv()
	if err != nil {
		log.Print(err)
	}
	return m.GetText()
}

func present(stream pb.OrderService_ChatServer) string {
	m, err := stream.Recv()
	if m == nil {
		log.Print(err)
		return ""
	}
	return m.Text
}

func onlyGood(stream pb.OrderService_ChatServer) string {
	if m, err := stream.Recv(); err == nil {
		return m.Text
	}
	return ""
}

// Bad: a function that gets the message reads it.

func show(m *pb.ChatMessage) { log.Print(m.Text) }

func shown(stream pb.OrderService_ChatServer) {
	m, err := stream.Recv()
	if err != nil {
		log.Print(err)
	}
	show(m) // want `panics when the stream fails`
}

// Silent: it looks first, or is told.

func showIf(m *pb.ChatMessage) {
	if m != nil {
		log.Print(m.Text)
	}
}

func showUnless(m *pb.ChatMessage, failed bool) {
	if failed {
		return
	}
	log.Print(m.Text)
}

func shownIf(stream pb.OrderService_ChatServer) {
	m, err := stream.Recv()
	showIf(m)
	showUnless(m, err != nil)
	if err == nil {
		func() { log.Print(m.Text) }()
	}
}

// Functions of another package.

func shownElsewhere(stream pb.OrderService_ChatServer) {
	m, _ := stream.Recv()
	printer.Text(m) // want `panics when the stream fails`
}

func shownElsewhereIf(stream pb.OrderService_ChatServer) {
	m, err := stream.Recv()
	printer.TextIf(m)
	printer.TextUnless(m, err)
}
