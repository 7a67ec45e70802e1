// Package helper gets streams of another package.
package helper

import (
	"sync"

	pb "example.com/testdata/stubs/orderpb"
)

// Forward sends one message.
func Forward(stream pb.OrderService_WatchOrdersServer, e *pb.OrderEvent) error { return stream.Send(e) }

// Start sends in a goroutine of its own.
func Start(stream pb.OrderService_WatchOrdersServer, events <-chan *pb.OrderEvent) {
	go func() {
		for e := range events {
			if stream.Send(e) != nil {
				return
			}
		}
	}()
}

// Read receives.
func Read(stream pb.OrderService_ChatServer) error {
	_, err := stream.Recv()
	return err
}

// Sender sends one at a time.
type Sender struct {
	mu     sync.Mutex
	Stream pb.OrderService_WatchOrdersServer
}

// Send locks.
func (s *Sender) Send(e *pb.OrderEvent) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Stream.Send(e)
}

// Do runs a function.
func Do(f func() error) error { return f() }

// Once runs functions one after the other.
type Once struct{ mu sync.Mutex }

// Do runs a function.
func (o *Once) Do(f func() error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return f()
}
