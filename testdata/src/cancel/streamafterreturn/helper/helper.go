// Package helper starts goroutines on the streams that it gets.
package helper

import pb "example.com/testdata/stubs/orderpb"

// Start does not wait.
func Start(stream pb.OrderService_WatchOrdersServer) {
	go func() {
		stream.Send(&pb.OrderEvent{})
	}()
}

// Run waits.
func Run(stream pb.OrderService_WatchOrdersServer) {
	done := make(chan bool)
	go func() {
		stream.Send(&pb.OrderEvent{})
		close(done)
	}()
	<-done
}
