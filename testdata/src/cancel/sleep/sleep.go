// Package sleep tests cancel/sleep.
package sleep

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/cancel/sleep/helper"
	"example.com/testdata/cancel/sleep/plain"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	delay time.Duration
}

var pollInterval = time.Second

func (s *server) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	time.Sleep(5 * time.Second) // want `^GetOrder may sleep on when the client has gone: time.Sleep does not end with the context \[cancel/sleep\]$`
	time.Sleep(pollInterval)    // want `GetOrder may sleep on`
	if r.GetName() == "" {
		time.Sleep(s.delay) // want `GetOrder may sleep on`
	}
	return &pb.Order{}, nil
}

func (s *server) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	if err := s.backOff(ctx, 3); err != nil {
		return nil, err
	}
	count, err := retry(ctx)
	_ = count
	return nil, err
}

func (s *server) backOff(ctx context.Context, n int) error {
	time.Sleep(time.Duration(n) * time.Second) // want `^CreateOrder may sleep on when the client has gone \(server.backOff\): time.Sleep`
	return ctx.Err()
}

func retry(parent context.Context) (count int, err error) {
	ctx, cancel := context.WithTimeout(parent, time.Minute)
	defer cancel()
	func() {
		time.Sleep(time.Second) // want `\(retry\)`
	}()
	return deeper(ctx)
}

func deeper(ctx context.Context) (int, error) {
	for ctx.Err() == nil {
		time.Sleep(time.Second) // want `CreateOrder may sleep on when the client has gone \(retry → deeper\)`
	}
	return 0, nil
}

func (s *server) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	for stream.Context().Err() == nil {
		time.Sleep(time.Second) // want `WatchOrders may sleep on`
	}
	return feed(stream)
}

func feed(stream pb.OrderService_WatchOrdersServer) error {
	time.Sleep(time.Second) // want `WatchOrders may sleep on when the client has gone \(feed\)`
	return stream.Send(nil)
}

func (s *server) UploadOrders(stream grpc.ClientStreamingServer[pb.UploadOrdersRequest, pb.UploadOrdersResponse]) error {
	helper.Settle(stream.Context(), 3) // want `^UploadOrders may sleep on when the client has gone \(Settle → wait\): time.Sleep does not end`
	return helper.Pause(stream)        // want `UploadOrders may sleep on when the client has gone \(Pause\)`
}

func (s *server) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	defer time.Sleep(time.Millisecond)
	time.Sleep(time.Second) // want `Chat may sleep on`
	return nil
}

func proxy(srv any, stream grpc.ServerStream) error {
	time.Sleep(time.Second) // want `proxy may sleep on`
	return nil
}

var _ = grpc.UnknownServiceHandler(proxy)

// A clock that tests can replace sleeps as well.
type clock interface {
	Sleep(d time.Duration)
	Now() time.Time
}

type clocked struct {
	pb.UnimplementedOrderServiceServer
	clock clock
	paced interface{ Sleep(turns int) }
}

func (s *clocked) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	s.clock.Sleep(time.Second) // want `^GetOrder may sleep on when the client has gone: clock.Sleep does not end with the context`
	s.paced.Sleep(3)
	s.clock.Sleep(time.Millisecond)
	plain.Wait(ctx) // want `GetOrder may sleep on when the client has gone \(Wait\): time.Sleep does not end with the context`
	plain.WaitPatiently(ctx)
	return &pb.Order{}, nil
}
