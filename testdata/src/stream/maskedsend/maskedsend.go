// Package maskedsend tests stream/masked-send.
package maskedsend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stream/maskedsend/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func returned(ctx context.Context, c pb.OrderServiceClient, rs []*pb.UploadOrdersRequest) (*pb.UploadOrdersResponse, error) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range rs {
		if err := stream.Send(r); err != nil { // want `^the server's reason for ending UploadOrders is lost: Send says io.EOF, and only CloseAndRecv the status \[stream/masked-send\]$`
			return nil, err // related `leaves here`
		}
	}
	return stream.CloseAndRecv()
}

func wrapped(ctx context.Context, c pb.OrderServiceClient, rs []*pb.UploadOrdersRequest) (*pb.UploadOrdersResponse, error) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range rs {
		err := stream.Send(r) // want `the server's reason for ending UploadOrders is lost`
		if err != nil {
			return nil, status.Errorf(codes.Internal, "sending: %v", err)
		}
	}
	return stream.CloseAndRecv()
}

func invented(ctx context.Context, c pb.OrderServiceClient) (*pb.UploadOrdersResponse, error) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return nil, err
	}
	if err := stream.Send(nil); err == io.EOF { // want `the server's reason for ending UploadOrders is lost`
		return nil, fmt.Errorf("server closed the stream: %w", err)
	}
	return stream.CloseAndRecv()
}

func chat(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.Chat(ctx) // want info `stream/leak`
	if err != nil {
		return err
	}
	if err := stream.Send(nil); err != nil { // want `reason for ending Chat is lost: Send says io.EOF, and only Recv the status`
		return err
	}
	_, err = stream.Recv()
	return err
}

func fatal(ctx context.Context, c pb.OrderServiceClient) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if err := stream.Send(nil); err != nil { // want `reason for ending UploadOrders is lost`
		log.Fatalf("sending: %v", err)
	}
	log.Print(stream.CloseAndRecv())
}

func ownHelper(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	if err := sendTwo(stream); err != nil { // want `reason for ending UploadOrders is lost`
		return fmt.Errorf("sending: %w", err)
	}
	_, err = stream.CloseAndRecv()
	return err
}

func sendTwo(stream pb.OrderService_UploadOrdersClient) error {
	if err := stream.Send(nil); err != nil {
		return err
	}
	return stream.Send(nil)
}

func otherPackage(ctx context.Context, c pb.OrderServiceClient, rs []*pb.UploadOrdersRequest) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	if err := helper.SendAll(stream, rs); err != nil { // want `reason for ending UploadOrders is lost`
		return err
	}
	_, err = stream.CloseAndRecv()
	return err
}

func silentAsks(ctx context.Context, c pb.OrderServiceClient, rs []*pb.UploadOrdersRequest) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	for _, r := range rs {
		if stream.Send(r) != nil {
			_, err := stream.CloseAndRecv()
			return err
		}
	}
	for _, r := range rs {
		if err := stream.Send(r); err != nil {
			if errors.Is(err, io.EOF) {
				_, err = stream.CloseAndRecv()
			}
			return err
		}
	}
	for _, r := range rs {
		if err := stream.Send(r); err != nil && err != io.EOF {
			return err
		}
	}
	for _, r := range rs {
		err := stream.Send(r)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	_, err = stream.CloseAndRecv()
	return err
}

func silentReceiver(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	go func() {
		for {
			if _, err := stream.Recv(); err != nil {
				log.Print(err)
				return
			}
		}
	}()
	if err := stream.Send(nil); err != nil {
		return err
	}
	return stream.CloseSend()
}

func silentDeferred(ctx context.Context, c pb.OrderServiceClient) (err error) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	defer func() { _, err = stream.CloseAndRecv() }()
	if err := stream.Send(nil); err != nil {
		return err
	}
	return nil
}

type writer struct {
	stream pb.OrderService_UploadOrdersClient
}

func silentStored(ctx context.Context, c pb.OrderServiceClient) (*writer, error) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return nil, err
	}
	if err := stream.Send(nil); err != nil {
		return nil, err
	}
	return &writer{stream}, nil
}

func silentUnknown(ctx context.Context, c pb.OrderServiceClient, use func(pb.OrderService_UploadOrdersClient)) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	go use(stream)
	return stream.Send(nil)
}

func silentHelper(ctx context.Context, c pb.OrderServiceClient, rs []*pb.UploadOrdersRequest) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	if err := helper.Upload(stream, rs); err != nil {
		return err
	}
	return nil
}

type server struct {
	pb.UnimplementedOrderServiceServer
}

func (s *server) Chat(stream pb.OrderService_ChatServer) error { return stream.Send(nil) }

// The receiver is started only when Send has succeeded.
func receiverBehind(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(nil); err != nil { // want `reason for ending Chat is lost`
		return err
	}
	done := make(chan error, 1)
	go receiveAll(stream, done)
	return <-done
}

func literalBehind(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(nil); err != nil { // want `reason for ending Chat is lost`
		return err
	}
	done := make(chan error, 1)
	go func() {
		_, err := stream.Recv()
		done <- err
	}()
	return <-done
}

func receiveAll(stream pb.OrderService_ChatClient, done chan<- error) {
	for {
		if _, err := stream.Recv(); err != nil {
			done <- err
			return
		}
	}
}

// Silent: it runs while the next is sent.
func silentReceiverInLoop(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	started := false
	done := make(chan error, 1)
	for {
		if err := stream.Send(nil); err != nil {
			return err
		}
		if !started {
			started = true
			go receiveAll(stream, done)
		}
	}
}

// Several Sends on one stream are one mistake.
func several(ctx context.Context, c pb.OrderServiceClient, rs []*pb.UploadOrdersRequest) (*pb.UploadOrdersResponse, error) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return nil, err
	}
	if err := stream.Send(nil); err != nil { // want `reason for ending UploadOrders is lost: 2 calls of Send say io.EOF, and only CloseAndRecv the status`
		return nil, fmt.Errorf("header: %w", err)
	}
	for _, r := range rs {
		if err := stream.Send(r); err != nil { // related `here too`
			return nil, fmt.Errorf("order: %w", err)
		}
	}
	return stream.CloseAndRecv()
}
