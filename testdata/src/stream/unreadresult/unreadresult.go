// Package unreadresult tests stream/unread-result.
package unreadresult

import (
	"context"
	"sync"

	"example.com/testdata/stream/unreadresult/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func closes(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	stream.Send(nil)
	return stream.CloseSend() // want `^nobody learns whether UploadOrders succeeded: CloseSend does not wait for the server's answer, CloseAndRecv does \[stream/unread-result\]$`
}

func deferred(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	defer stream.CloseSend() // want `nobody learns whether UploadOrders succeeded`
	for range 3 {
		if stream.Send(nil) != nil {
			return nil
		}
	}
	return nil
}

func never(ctx context.Context, c pb.OrderServiceClient) {
	stream, err := c.UploadOrders(ctx) // want `^nobody learns whether UploadOrders succeeded: CloseAndRecv is never called`
	if err != nil {
		return
	}
	stream.Send(nil)
}

func ownHelper(ctx context.Context, c pb.OrderServiceClient) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return
	}
	send(stream)
	stream.CloseSend() // want `nobody learns whether UploadOrders succeeded`
}

func send(stream pb.OrderService_UploadOrdersClient) { stream.Send(nil) }

func otherPackage(ctx context.Context, c pb.OrderServiceClient) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return
	}
	helper.SendAll(stream, 2)
	stream.CloseSend() // want `nobody learns whether UploadOrders succeeded`
}

func silentAsks(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	stream.Send(nil)
	_, err = stream.CloseAndRecv()
	return err
}

func silentRecvMsg(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	stream.Send(nil)
	stream.CloseSend()
	return stream.RecvMsg(new(pb.UploadOrdersResponse))
}

func silentDeferred(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	defer stream.CloseAndRecv()
	stream.Send(nil)
	return nil
}

func silentGoroutine(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	wg.Go(func() { stream.RecvMsg(new(pb.UploadOrdersResponse)) })
	stream.Send(nil)
	defer wg.Wait()
	return stream.CloseSend()
}

func silentHelper(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	stream.Send(nil)
	return helper.Finish(stream)
}

func silentReturned(ctx context.Context, c pb.OrderServiceClient) (pb.OrderService_UploadOrdersClient, error) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return nil, err
	}
	stream.Send(nil)
	return stream, nil
}

func silentLiteral(ctx context.Context, c pb.OrderServiceClient) func() error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return nil
	}
	stream.Send(nil)
	return func() error {
		_, err := stream.CloseAndRecv()
		return err
	}
}

func silentChat(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	stream.Send(nil)
	return stream.CloseSend()
}

func silentNothingSent(ctx context.Context, c pb.OrderServiceClient) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return
	}
	stream.CloseSend()
}
