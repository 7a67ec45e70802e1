// Package helper uses streams of another package.
package helper

import pb "example.com/testdata/stubs/orderpb"

// Drain receives to the end.
func Drain(stream pb.OrderService_WatchOrdersClient) {
	for {
		if _, err := stream.Recv(); err != nil {
			return
		}
	}
}

// Greet only sends.
func Greet(stream pb.OrderService_ChatClient) error { return stream.Send(&pb.ChatMessage{Text: "hi"}) }

var kept []pb.OrderService_WatchOrdersClient

// Keep keeps it for later.
func Keep(stream pb.OrderService_WatchOrdersClient) { kept = append(kept, stream) }
