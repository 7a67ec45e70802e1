package dead

import (
	"errors"
	"io"
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

// Bad: the variable is never looked at.
func forgets(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	done := false
	for {
		m, err := stream.Recv() // want `the loop spins once stream has failed`
		if errors.Is(err, io.EOF) {
			done = true
		} else if err != nil {
			return
		}
		log.Print(m, done)
	}
}

// Silent: a variable says that it is over, further down.
func silentFlag(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	done := false
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			done = true
		} else if err != nil {
			return
		}
		if m != nil {
			log.Print(m)
		}
		if done {
			break
		}
	}
}

func silentUntil(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for open := true; open; {
		m, err := stream.Recv()
		if err != nil {
			open = false
		}
		log.Print(m)
	}
}

func silentTwoFlags(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	first, done := true, false
	for !done && stream.Context().Err() == nil {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			done = true
		} else if err != nil {
			return
		}
		if first {
			log.Print("the first")
		}
		first = false
		if m != nil {
			log.Print(m)
		}
	}
}
