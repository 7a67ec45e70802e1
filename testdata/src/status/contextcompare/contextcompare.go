// Package contextcompare asks errors of RPCs whether they are errors of
// package context.
package contextcompare

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/status/contextcompare/fetch"
	pb "example.com/testdata/stubs/orderpb"
)

// Bad.

func direct(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return errors.Is(err, context.DeadlineExceeded) // want `never true: the error of OrderService\.GetOrder has the code DeadlineExceeded, it is not context\.DeadlineExceeded \[status/context-compare\]`
}

func operator(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err == context.Canceled // want `never true: the error of OrderService\.GetOrder has the code Canceled`
}

func different(ctx context.Context, client pb.OrderServiceClient) {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	if err != nil && context.Canceled != err { // want `always true: the error of OrderService\.GetOrder has the code Canceled`
		log.Print(err)
	}
}

func received(ctx context.Context, client pb.OrderServiceClient) error {
	stream, err := client.WatchOrders(ctx, &pb.WatchOrdersRequest{})
	if err != nil {
		return err
	}
	for {
		_, err := stream.Recv()
		switch {
		case err == nil:
		case err == io.EOF, errors.Is(err, context.Canceled): // want `never true: the error of the stream's Recv has the code Canceled`
			return nil
		default:
			return err
		}
	}
}

type server struct {
	pb.UnimplementedOrderServiceServer
	client pb.OrderServiceClient
}

// Chat asks about an error of its own stream.
func (s *server) Chat(stream pb.OrderService_ChatServer) error {
	for {
		_, err := stream.Recv()
		if errors.Is(err, context.Canceled) || errors.Is(err, io.EOF) { // want `never true: the error of the stream's Recv has the code Canceled`
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (s *server) load(ctx context.Context) error {
	_, err := s.client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}

func ofHelper(ctx context.Context, s *server) bool {
	return errors.Is(s.load(ctx), context.DeadlineExceeded) // want `never true: the error of OrderService\.GetOrder`
}

// locked has a way out behind a panic, which nobody takes.
func (s *server) locked(ctx context.Context, mu *sync.Mutex) error {
	mu.Lock()
	defer mu.Unlock()
	_, err := s.client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}

func ofLocked(ctx context.Context, s *server, mu *sync.Mutex) bool {
	return errors.Is(s.locked(ctx, mu), context.DeadlineExceeded) // want `never true: the error of OrderService\.GetOrder`
}

func wrapped(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	if err != nil {
		err = fmt.Errorf("get: %w", err)
	}
	return errors.Is(err, context.DeadlineExceeded) // want `never true`
}

func acrossPackages(ctx context.Context, client pb.OrderServiceClient) (bool, bool) {
	_, err := fetch.Order(ctx, client, "orders/1")
	_, err2 := fetch.Wrapped(ctx, client, "orders/1")
	return errors.Is(err, context.DeadlineExceeded), // want `never true: the error of OrderService\.GetOrder`
		errors.Is(err2, context.Canceled) // want `never true: the error of OrderService\.GetOrder`
}

func eitherOfTwo(ctx context.Context, client pb.OrderServiceClient, list bool) bool {
	var err error
	if list {
		_, err = client.ListOrders(ctx, &pb.ListOrdersRequest{})
	} else {
		_, err = client.GetOrder(ctx, &pb.GetOrderRequest{})
	}
	return errors.Is(err, context.DeadlineExceeded) // want `never true`
}

// Silent.

func coded(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return errors.Is(err, context.DeadlineExceeded) || status.Code(err) == codes.DeadlineExceeded
}

func fromError(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	if s, ok := status.FromError(err); ok {
		return s.Code() == codes.Canceled
	}
	return errors.Is(err, context.Canceled)
}

func otherSource(ctx context.Context, client pb.OrderServiceClient, wait func() error) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	if err == nil {
		err = wait()
	}
	return errors.Is(err, context.Canceled)
}

func ofContext(ctx context.Context, client pb.OrderServiceClient) bool {
	client.GetOrder(ctx, &pb.GetOrderRequest{})
	return errors.Is(ctx.Err(), context.Canceled)
}

func checked(ctx context.Context, client pb.OrderServiceClient) (bool, bool) {
	_, err := fetch.Checked(ctx, client, "orders/1")
	_, err2 := fetch.Waited(ctx, client, func() error { return ctx.Err() })
	return errors.Is(err, context.Canceled), errors.Is(err2, context.Canceled)
}

func parameter(err error) bool { return errors.Is(err, context.Canceled) || fetch.IsTimeout(err) }

type kept struct{ err error }

func (k *kept) field(ctx context.Context, client pb.OrderServiceClient) bool {
	_, k.err = client.GetOrder(ctx, &pb.GetOrderRequest{})
	return errors.Is(k.err, context.Canceled) // want `never true`
}

func channel(ctx context.Context, client pb.OrderServiceClient) bool {
	errs := make(chan error, 1)
	go func() {
		_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
		errs <- err
	}()
	return errors.Is(<-errs, context.Canceled) // want `never true`
}

type loader interface {
	GetOrder(ctx context.Context, name string) (*pb.Order, error)
}

func ofInterface(ctx context.Context, l loader) bool {
	_, err := l.GetOrder(ctx, "orders/1")
	return errors.Is(err, context.Canceled)
}

func endOfStream(ctx context.Context, client pb.OrderServiceClient) bool {
	stream, err := client.WatchOrders(ctx, &pb.WatchOrdersRequest{}) // want info `stream/leak`
	if err != nil {
		return false
	}
	_, err = stream.Recv()
	return errors.Is(err, io.EOF)
}

// caught returns what it makes of a panic.
func (s *server) caught(ctx context.Context) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = context.Cause(ctx)
		}
	}()
	_, err = s.client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}

func ofCaught(ctx context.Context, s *server) bool {
	return errors.Is(s.caught(ctx), context.Canceled)
}
