package streamafterreturn

import (
	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

// What is started stands in a variable of the package, and calls a literal.
var pump = func(stream grpc.ServerStreamingServer[pb.OrderEvent]) {
	func() {
		stream.Send(nil)
	}()
}

var pumpAndTell = func(stream grpc.ServerStreamingServer[pb.OrderEvent], done chan<- bool) {
	func() {
		stream.Send(nil)
	}()
	done <- true
}

type byVariable struct {
	pb.UnimplementedOrderServiceServer
}

func (byVariable) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	go pump(stream) // want `WatchOrders returns while a goroutine sends on its stream`
	return nil
}

type byVariableWaits struct {
	pb.UnimplementedOrderServiceServer
}

func (byVariableWaits) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	done := make(chan bool)
	go pumpAndTell(stream, done)
	<-done
	return nil
}
