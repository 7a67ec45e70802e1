package concurrentsend

import (
	pb "example.com/testdata/stubs/orderpb"
)

// Silent.

// switching sends on a stream that is not the goroutine's any more.
func switching(open func() pb.OrderService_ChatClient, m *pb.ChatMessage) error {
	stream := open()
	go func() { stream.Send(m) }()
	stream = open()
	return stream.Send(m)
}

// reconnecting has another stream in its field every now and then.
type reconnecting struct {
	stream pb.OrderService_ChatClient
	open   func() pb.OrderService_ChatClient
	out    chan *pb.ChatMessage
}

func (r *reconnecting) loop() {
	for m := range r.out {
		r.stream.Send(m) // want `stream/ignored-send`
	}
}

func (r *reconnecting) run(m *pb.ChatMessage) error {
	go r.loop()
	r.stream = r.open()
	return r.stream.Send(m)
}

// eachTurn opens a stream for each goroutine.
func eachTurn(open func() pb.OrderService_ChatClient, messages []*pb.ChatMessage) {
	for _, m := range messages {
		stream := open()
		go func() { stream.Send(m) }()
	}
}

// afterwards sends when the goroutine is done.
func afterwards(stream pb.OrderService_ChatClient, m *pb.ChatMessage) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		stream.Send(m)
	}()
	<-done
	return stream.Send(m)
}
