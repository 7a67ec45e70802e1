package dead

import (
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// Bad: all codes but one lead back.

func byCode(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		_, err := stream.Recv() // want `the loop spins once stream has failed`
		switch status.Code(err) {
		case codes.Canceled:
			return
		case codes.Unavailable:
			log.Print(err)
			continue
		}
	}
}

// Silent: only the code OK leads back, and that is no error.

func silentByCode(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		_, err := stream.Recv()
		switch status.Code(err) {
		case codes.Canceled:
			return
		case codes.OK:
		default:
			log.Fatal(err)
		}
	}
}

func silentNotOK(stream grpc.ServerStreamingClient[pb.OrderEvent]) error {
	for {
		_, err := stream.Recv()
		if status.Code(err) != codes.OK {
			return err
		}
	}
}
