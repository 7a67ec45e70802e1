// Package ignoredsend sends.
package ignoredsend

import (
	"context"
	"log"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

func forever(stream pb.OrderService_ChatClient) {
	for {
		if err := stream.Send(new(pb.ChatMessage)); err != nil { // want `goes on sending into a stream that is over: the loop does not end when stream.Send fails \[stream/ignored-send\]`
			log.Printf("send: %v", err)
		}
		time.Sleep(time.Second)
	}
}

func dropped(stream pb.OrderService_ChatClient) {
	for {
		stream.Send(new(pb.ChatMessage)) // want `stream/ignored-send`
		time.Sleep(time.Second)
	}
}

func blank(stream pb.OrderService_ChatClient, messages chan *pb.ChatMessage) {
	for m := range messages {
		_ = stream.Send(m) // want `stream/ignored-send`
	}
}

func goesOn(stream pb.OrderService_ChatClient, messages chan *pb.ChatMessage) {
	for m := range messages {
		if err := stream.Send(m); err != nil { // want `stream/ignored-send`
			log.Print(err)
			continue
		}
		log.Print("sent")
	}
}

func raw(stream pb.OrderService_UploadOrdersClient, ticks <-chan time.Time) {
	for range ticks {
		stream.SendMsg(new(pb.UploadOrdersRequest)) // want `the loop does not end when stream.SendMsg fails`
	}
}

func few(stream pb.OrderService_ChatClient, messages []*pb.ChatMessage) {
	for _, m := range messages {
		if err := stream.Send(m); err != nil { // want info `stream/ignored-send`
			log.Print(err)
		}
	}
}

// It ends.
func returns(stream pb.OrderService_ChatClient) error {
	for {
		if err := stream.Send(new(pb.ChatMessage)); err != nil {
			return err
		}
	}
}

func breaks(stream pb.OrderService_ChatClient, messages chan *pb.ChatMessage) {
	for m := range messages {
		if err := stream.Send(m); err != nil {
			log.Print(err)
			break
		}
	}
}

// The program does.
func fatal(stream pb.OrderService_ChatClient) {
	for {
		if err := stream.Send(new(pb.ChatMessage)); err != nil {
			log.Fatal(err)
		}
	}
}

// Another stream is opened.
func reconnects(ctx context.Context, client pb.OrderServiceClient, stream pb.OrderService_ChatClient) {
	for {
		if err := stream.Send(new(pb.ChatMessage)); err != nil {
			stream, _ = client.Chat(ctx)
		}
		time.Sleep(time.Second)
	}
}

// Somebody is told.
func told(stream pb.OrderService_ChatClient, failed func(error)) {
	for {
		if err := stream.Send(new(pb.ChatMessage)); err != nil {
			failed(err)
		}
	}
}

// The stream says when it is over.
func asks(stream pb.OrderService_ChatClient) {
	for stream.Context().Err() == nil {
		_ = stream.Send(new(pb.ChatMessage))
		if stream.Context().Err() != nil {
			return
		}
	}
}

// So does somebody else.
func selects(stream pb.OrderService_ChatClient, done chan struct{}, messages chan *pb.ChatMessage) {
	for {
		select {
		case m := <-messages:
			_ = stream.Send(m)
		case <-done:
			return
		}
	}
}

// Receiving ends it.
func receives(stream pb.OrderService_ChatClient) error {
	for {
		_ = stream.Send(new(pb.ChatMessage))
		if _, err := stream.Recv(); err != nil {
			return err
		}
	}
}

// A server's stream: cancel/ignored-send.
func serves(stream pb.OrderService_WatchOrdersServer) {
	for {
		_ = stream.Send(new(pb.OrderEvent))
		if stream.Context().Err() != nil {
			return
		}
	}
}

// No loop.
func once(stream pb.OrderService_ChatClient) { _ = stream.Send(new(pb.ChatMessage)) }
