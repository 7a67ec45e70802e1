// Package opensend tests stream/open-send.
package opensend

import (
	"context"
	"io"

	pb "example.com/testdata/stubs/orderpb"
)

func one(ctx context.Context, c pb.OrderServiceClient) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	if stream.Send(&pb.ChatMessage{}) == nil {
		for {
			if _, err := stream.Recv(); err == io.EOF { // want `^waits for ever if the server waits for more: all is sent, and CloseSend is never called on stream \[stream/open-send\]$`
				return nil
			} else if err != nil {
				return err
			}
		}
	}
	_, err = stream.Recv()
	return err
}

func all(ctx context.Context, c pb.OrderServiceClient, messages []*pb.ChatMessage) (got []*pb.ChatMessage, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	chat, err := c.Chat(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		if chat.Send(m) != nil {
			break
		}
	}
	for {
		m, err := chat.Recv() // want `CloseSend is never called on chat`
		if err == io.EOF {
			return got, nil
		}
		if err != nil {
			return nil, err
		}
		got = append(got, m)
	}
}

// What follows is right.

func closed(ctx context.Context, c pb.OrderServiceClient, messages []*pb.ChatMessage) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	for _, m := range messages {
		if stream.Send(m) != nil {
			break
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	for {
		if _, err := stream.Recv(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func conversation(ctx context.Context, c pb.OrderServiceClient, messages []*pb.ChatMessage) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	for _, m := range messages {
		if stream.Send(m) == nil {
			continue
		}
		break
	}
	for {
		m, err := stream.Recv()
		if err != nil {
			return err
		}
		if m.GetText() != "" {
			if stream.Send(m) != nil {
				_, err := stream.Recv()
				return err
			}
		}
	}
}

func sender(ctx context.Context, c pb.OrderServiceClient, messages <-chan *pb.ChatMessage) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	go func() {
		for m := range messages {
			if stream.Send(m) != nil {
				return
			}
		}
	}()
	for {
		if _, err := stream.Recv(); err != nil {
			return err
		}
	}
}

func watch(ctx context.Context, c pb.OrderServiceClient) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.WatchOrders(ctx, &pb.WatchOrdersRequest{})
	if err != nil {
		return err
	}
	for {
		if _, err := stream.Recv(); err != nil {
			return err
		}
	}
}
