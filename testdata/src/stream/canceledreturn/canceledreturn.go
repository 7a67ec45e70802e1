// Package canceledreturn opens streams for others.
package canceledreturn

import (
	"context"
	"io"
	"time"

	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

var client pb.OrderServiceClient

type events = grpc.ServerStreamingClient[pb.OrderEvent]

func direct(ctx context.Context, req *pb.WatchOrdersRequest) (events, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel() // want `the stream of client.WatchOrders is over before its caller gets it: the deferred cancel\(\) ends its context \[stream/canceled-return\]`
	return client.WatchOrders(ctx, req)
}

func variable(ctx context.Context, req *pb.WatchOrdersRequest) (events, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // want `stream/canceled-return`
	stream, err := client.WatchOrders(ctx, req)
	if err != nil {
		return nil, err
	}
	return stream, nil
}

type reader struct{ stream events }

func wrapped(ctx context.Context, req *pb.WatchOrdersRequest) (*reader, error) {
	ctx, cancel := context.WithDeadline(ctx, time.Now().Add(time.Minute))
	defer cancel() // want `stream/canceled-return`
	stream, err := client.WatchOrders(ctx, req)
	if err != nil {
		return nil, err
	}
	return &reader{stream: stream}, nil
}

func upload(ctx context.Context) (pb.OrderService_UploadOrdersClient, error) {
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop() // want `the deferred stop\(\) ends its context`
	return client.UploadOrders(ctx)
}

var opener = func(ctx context.Context) (pb.OrderService_ChatClient, error) {
	child, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel() // want `stream/canceled-return`
	return client.Chat(child)
}

// The caller's own context.
func plain(ctx context.Context, req *pb.WatchOrdersRequest) (events, error) {
	return client.WatchOrders(ctx, req)
}

// The cancel function goes with the stream.
func both(ctx context.Context, req *pb.WatchOrdersRequest) (events, context.CancelFunc, error) {
	ctx, cancel := context.WithCancel(ctx)
	stream, err := client.WatchOrders(ctx, req)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	return stream, cancel, nil
}

// The deadline is for another RPC.
func other(ctx context.Context, req *pb.WatchOrdersRequest) (events, error) {
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if _, err := client.GetOrder(short, new(pb.GetOrderRequest)); err != nil {
		return nil, err
	}
	return client.WatchOrders(ctx, req)
}

// It is read here.
func count(ctx context.Context, req *pb.WatchOrdersRequest) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	stream, err := client.WatchOrders(ctx, req)
	if err != nil {
		return 0, err
	}
	for n := 0; ; n++ {
		if _, err := stream.Recv(); err == io.EOF {
			return n, nil
		} else if err != nil {
			return n, err
		}
	}
}

// By a function that gets it.
func counted(ctx context.Context, req *pb.WatchOrdersRequest) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	stream, err := client.WatchOrders(ctx, req)
	if err != nil {
		return 0, err
	}
	return drain(stream)
}

func drain(stream events) (int, error) {
	n := 0
	for {
		if _, err := stream.Recv(); err == io.EOF {
			return n, nil
		} else if err != nil {
			return n, err
		}
		n++
	}
}

// A reply is no stream.
func unary(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return client.GetOrder(ctx, req)
}

// Only when it failed.
func onError(ctx context.Context, req *pb.WatchOrdersRequest) (stream events, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer func() {
		if err != nil {
			cancel()
		}
	}()
	return client.WatchOrders(ctx, req)
}

// The function that is deferred in runs somewhere else.
func inLiteral(ctx context.Context, req *pb.WatchOrdersRequest) (events, error) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		time.Sleep(time.Minute)
	}()
	return client.WatchOrders(ctx, req)
}
