// Package concurrentrecv tests stream/concurrent-recv.
package concurrentrecv

import (
	"context"
	"sync"

	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

func workers(stream pb.OrderService_WatchOrdersClient, out chan<- *pb.OrderEvent) {
	for range 4 {
		go func() {
			for {
				m, err := stream.Recv() // want `^goroutines of one loop receive on stream at the same time: Recv is not safe for that \[stream/concurrent-recv\]$`
				if err != nil {
					return
				}
				out <- m
			}
		}()
	}
}

func drains(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.WatchOrders(ctx, nil)
	if err != nil {
		return err
	}
	go receive(stream)
	for {
		if _, err := stream.Recv(); err != nil { // related `the other one`
			return err
		}
	}
}

func receive(stream pb.OrderService_WatchOrdersClient) {
	for {
		if _, err := stream.Recv(); err != nil { // want `two goroutines receive on stream at the same time`
			return
		}
	}
}

type server struct {
	pb.UnimplementedOrderServiceServer
}

func (s *server) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	go func() {
		stream.Recv() // want `two goroutines receive on stream`
	}()
	_, err := stream.Recv()
	return err
}

type peer struct{ stream pb.OrderService_ChatClient }

func (p *peer) read() error {
	_, err := p.stream.Recv() // want `two goroutines receive on p.stream`
	return err
}

func (p *peer) run() error {
	go p.read()
	return p.read()
}

func raw(stream grpc.ClientStream, n int) {
	for i := range n {
		go func() {
			stream.RecvMsg(i) // want `RecvMsg is not safe for that`
		}()
	}
}

func silentFirst(stream pb.OrderService_ChatClient) error {
	if _, err := stream.Recv(); err != nil { // the greeting
		return err
	}
	go func() {
		for {
			if _, err := stream.Recv(); err != nil {
				return
			}
		}
	}()
	return stream.Send(nil)
}

func silentJoined(stream pb.OrderService_ChatClient) error {
	var wg sync.WaitGroup
	wg.Go(func() { stream.Recv() })
	wg.Wait()
	_, err := stream.Recv()
	return err
}

func silentResult(stream pb.OrderService_ChatClient) error {
	done := make(chan error, 1)
	go func() {
		_, err := stream.Recv()
		done <- err
	}()
	if err := <-done; err != nil {
		return err
	}
	_, err := stream.Recv()
	return err
}

func silentLocked(stream pb.OrderService_ChatClient, mu *sync.RWMutex) {
	for range 3 {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			stream.Recv()
		}()
	}
}

func silentOther(a, b pb.OrderService_ChatClient) error {
	go a.Recv()
	_, err := b.Recv()
	return err
}

func silentReopened(ctx context.Context, c pb.OrderServiceClient) {
	for ctx.Err() == nil {
		stream, err := c.WatchOrders(ctx, nil)
		if err != nil {
			return
		}
		go receiveOnce(stream)
	}
}

func receiveOnce(stream pb.OrderService_WatchOrdersClient) { stream.Recv() }

func silentStopped(stream pb.OrderService_ChatClient, cancel func()) error {
	p := &stopper{peer: peer{stream}, done: make(chan struct{})}
	go p.loop()
	cancel()
	p.stop()
	_, err := stream.Recv()
	return err
}

type stopper struct {
	peer
	done chan struct{}
}

func (s *stopper) loop() {
	defer close(s.done)
	s.stream.Recv()
}

func (s *stopper) stop() { <-s.done }
