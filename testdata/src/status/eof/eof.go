// Package eof has handlers that make an error of the end of a stream.
package eof

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/status/eof/relay"
	pb "example.com/testdata/stubs/orderpb"
)

// Bad.

type first struct {
	pb.UnimplementedOrderServiceServer
	upstream pb.OrderServiceClient
}

func (s *first) Chat(stream pb.OrderService_ChatServer) error {
	for {
		message, err := stream.Recv() // related `io\.EOF comes from here`
		if err != nil {
			return err // want `Chat fails with Unknown, EOF when the client is done: Recv returns io\.EOF then, and so does the handler \[status/eof\]` at "err"
		}
		if err := stream.Send(message); err != nil {
			return err
		}
	}
}

func (s *first) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	from, err := s.upstream.WatchOrders(stream.Context(), req)
	if err != nil {
		return status.Error(codes.Unavailable, "no upstream")
	}
	for {
		event, err := from.Recv()
		if err != nil {
			return err // want `WatchOrders fails with Unknown, EOF when the upstream is done: Recv returns io\.EOF then, and so does the handler`
		}
		if err := stream.Send(event); err != nil {
			return err
		}
	}
}

func (s *first) UploadOrders(stream pb.OrderService_UploadOrdersServer) error {
	return s.store(stream) // want `UploadOrders fails with Unknown, EOF`
}

func (s *first) store(stream pb.OrderService_UploadOrdersServer) error {
	for {
		if _, err := stream.Recv(); err != nil {
			return fmt.Errorf("store: %w", err)
		}
	}
}

func (s *first) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if req.GetName() == "" {
		return nil, io.EOF // want `clients of GetOrder get the code Unknown: io\.EOF has none \[status/plain-error\]`
	}
	return &pb.Order{}, nil
}

type second struct {
	pb.UnimplementedOrderServiceServer
	upstream pb.OrderServiceClient
}

func (s *second) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	from, err := s.upstream.WatchOrders(stream.Context(), req)
	if err != nil {
		return status.Error(codes.Unavailable, "no upstream")
	}
	return relay.All(from, stream.Send) // want `WatchOrders fails with Unknown, EOF when the upstream is done`
}

// Silent.

func (s *second) Chat(stream pb.OrderService_ChatServer) error {
	for {
		message, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(message); err != nil {
			return err
		}
	}
}

func (s *second) UploadOrders(stream pb.OrderService_UploadOrdersServer) error {
	if err := s.store(stream); !errors.Is(err, io.EOF) {
		return err
	}
	return stream.SendAndClose(&pb.UploadOrdersResponse{})
}

func (s *second) store(stream pb.OrderService_UploadOrdersServer) error {
	for {
		if _, err := stream.Recv(); err != nil {
			return err
		}
	}
}

type fifth struct {
	pb.UnimplementedOrderServiceServer
}

func (s *fifth) Chat(stream pb.OrderService_ChatServer) error {
	if _, err := stream.Recv(); err != nil {
		return io.EOF // want `clients of Chat get the code Unknown and the text EOF: io\.EOF is returned as an error`
	}
	return nil
}

type third struct {
	pb.UnimplementedOrderServiceServer
	upstream pb.OrderServiceClient
}

func (s *third) Chat(stream pb.OrderService_ChatServer) error {
	hello, err := stream.Recv() // without it there is nothing to do
	if err != nil {
		return err
	}
	return stream.Send(hello)
}

func (s *third) UploadOrders(stream pb.OrderService_UploadOrdersServer) error {
	for {
		if _, err := stream.Recv(); err != nil {
			return ended(err)
		}
	}
}

func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (s *third) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	from, err := s.upstream.WatchOrders(stream.Context(), req)
	if err != nil {
		return status.Error(codes.Unavailable, "no upstream")
	}
	return relay.UntilEnd(from, stream.Send)
}

type fourth struct {
	pb.UnimplementedOrderServiceServer
}

func (s *fourth) Chat(stream pb.OrderService_ChatServer) error {
	for {
		if _, err := stream.Recv(); err != nil {
			return status.Errorf(codes.InvalidArgument, "the conversation is not over: %v", err)
		}
	}
}

func (s *fourth) UploadOrders(stream pb.OrderService_UploadOrdersServer) error {
	for {
		if _, err := stream.Recv(); isEnd(err) {
			return stream.SendAndClose(&pb.UploadOrdersResponse{})
		} else if err != nil {
			return err
		}
	}
}

func isEnd(err error) bool { return err == io.EOF }

type seventh struct {
	pb.UnimplementedOrderServiceServer
}

func (s *seventh) UploadOrders(stream pb.OrderService_UploadOrdersServer) error {
	for {
		if err := next(stream); err != nil {
			return err // want `UploadOrders fails with Unknown, EOF when the client is done`
		}
	}
}

func (s *seventh) Chat(stream pb.OrderService_ChatServer) error {
	hello, err := greeting(stream)
	if err != nil {
		return err // without it there is nothing to do
	}
	return stream.Send(hello)
}

func next(stream pb.OrderService_UploadOrdersServer) error {
	_, err := stream.Recv()
	return err
}

func greeting(stream pb.OrderService_ChatServer) (*pb.ChatMessage, error) { return stream.Recv() }

type sixth struct {
	pb.UnimplementedOrderServiceServer
}

func (s *sixth) Chat(stream pb.OrderService_ChatServer) error {
	for {
		if _, err := stream.Recv(); (outcome{err}).isEnd() {
			return nil
		} else if err != nil {
			return err
		}
	}
}

type outcome struct{ err error }

func (o outcome) isEnd() bool { return isEnd(o.err) }

func (s *sixth) UploadOrders(stream pb.OrderService_UploadOrdersServer) error {
	for {
		_, err := stream.Recv()
		atEnd := func() bool { return err == io.EOF }
		if atEnd() {
			return stream.SendAndClose(&pb.UploadOrdersResponse{})
		}
		if err != nil {
			return err
		}
	}
}

// pump is no handler.
func pump(stream pb.OrderService_ChatServer) error {
	for {
		if _, err := stream.Recv(); err != nil {
			return err
		}
	}
}
