// Package sendererror tests stream/sender-error.
package sendererror

import (
	"context"
	"log"
	"sync"

	pb "example.com/testdata/stubs/orderpb"
)

func client(ctx context.Context, stream pb.OrderService_ChatClient, texts []string) {
	out := make(chan *pb.ChatMessage)
	go func() {
		for m := range out {
			if err := stream.Send(m); err != nil { // want `^who fills the channel hangs once Send has failed: the goroutine that empties it ends, and tells nobody \[stream/sender-error\]$`
				log.Print(err)
				return
			}
		}
	}()
	for _, text := range texts {
		out <- &pb.ChatMessage{Text: text}
	}
	close(out)
}

type server struct {
	pb.UnimplementedOrderServiceServer
	names []string
}

func (s *server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	events := make(chan *pb.OrderEvent, 10)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for {
			event, ok := <-events
			if !ok || stream.Send(event) != nil { // want `tells nobody`
				return
			}
		}
	}()
	for range s.names {
		events <- &pb.OrderEvent{}
	}
	close(events)
	wg.Wait()
	return nil
}

// What follows is right.

func drained(stream pb.OrderService_ChatServer, texts []string) {
	out := make(chan *pb.ChatMessage)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for m := range out {
			if stream.Send(m) != nil {
				return
			}
		}
	}()
	for _, text := range texts {
		select {
		case out <- &pb.ChatMessage{Text: text}:
		case <-done:
		}
	}
	close(out)
	<-done
}

func cancels(ctx context.Context, stream pb.OrderService_ChatServer, texts []string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := make(chan *pb.ChatMessage, len(texts))
	go func() {
		for m := range out {
			if stream.Send(m) != nil {
				cancel()
				return
			}
		}
	}()
	for _, text := range texts {
		out <- &pb.ChatMessage{Text: text}
	}
	<-ctx.Done()
	return ctx.Err()
}

func goesOn(stream pb.OrderService_ChatServer, texts []string) {
	out := make(chan *pb.ChatMessage)
	var failed error
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for m := range out {
			if failed == nil {
				failed = stream.Send(m)
			}
		}
	}()
	for _, text := range texts {
		out <- &pb.ChatMessage{Text: text}
	}
	close(out)
	wg.Wait()
}

func ofOthers(stream pb.OrderService_ChatServer, out chan *pb.ChatMessage) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for m := range out {
			if stream.Send(m) != nil {
				return
			}
		}
	}()
	out <- &pb.ChatMessage{}
	wg.Wait()
}
