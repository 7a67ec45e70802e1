package eof

import (
	"errors"
	"io"

	pb "example.com/testdata/stubs/orderpb"
)

// received is what one goroutine hands to another.
type received struct {
	message *pb.ChatMessage
	err     error
}

type handed struct {
	pb.UnimplementedOrderServiceServer
}

// Silent: the end is looked at where it arrives.
func (h *handed) Chat(stream pb.OrderService_ChatServer) error {
	messages := make(chan received, 1)
	go func() {
		for {
			m, err := stream.Recv()
			messages <- received{m, err}
			if err != nil {
				return
			}
		}
	}()
	for {
		r := <-messages
		if errors.Is(r.err, io.EOF) {
			return nil
		}
		if r.err != nil {
			return r.err
		}
		if err := stream.Send(r.message); err != nil {
			return err
		}
	}
}
