// Package blamedcancel answers the end of calls.
package blamedcancel

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	orders chan *pb.Order
	store  interface {
		Load(ctx context.Context, name string) (*pb.Order, error)
	}
}

// Bad.

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	select {
	case order := <-s.orders:
		return order, nil
	case <-ctx.Done():
		return nil, status.Errorf(codes.Internal, "order %s: %v", req.GetName(), ctx.Err()) // want `^a client that cancels GetOrder looks like a fault of the server: ctx\.Err\(\) is answered with the code Internal \[status/blamed-cancel\]$`
	}
}

func (s *server) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	_ = req.GetRequestId()
	if err := ctx.Err(); err != nil {
		return nil, status.Error(codes.Unknown, err.Error()) // want `ctx\.Err\(\) is answered with the code Unknown`
	}
	if ctx.Err() != nil {
		return nil, status.Error(codes.Internal, "too late") // want `ctx\.Err\(\) is answered with the code Internal`
	}
	ctx = metadata.NewIncomingContext(context.WithValue(ctx, key{}, "x"), nil)
	if context.Cause(ctx) != nil {
		return nil, status.New(codes.Internal, "gave up: "+context.Cause(ctx).Error()).Err() // want `context\.Cause\(ctx\) is answered`
	}
	return s.load(ctx, req.GetOrder().GetName())
}

type key struct{}

func (s *server) load(ctx context.Context, name string) (*pb.Order, error) {
	order, err := s.store.Load(ctx, name)
	switch {
	case errors.Is(err, context.Canceled):
		return nil, status.Errorf(codes.Internal, "load %s: %v", name, err) // want `a client that cancels CreateOrder looks like a fault of the server: context\.Canceled is answered`
	case err != nil:
		return nil, status.Errorf(codes.Internal, "load %s: %v", name, err)
	}
	return order, nil
}

func (s *server) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	order, err := s.store.Load(ctx, req.GetOrder().GetName())
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return nil, status.Error(codes.Internal, "no answer") // want `context\.Canceled is answered`
	}
	if err == context.Canceled {
		return nil, status.Error(codes.Internal, err.Error()) // want `context\.Canceled is answered`
	}
	return order, nil
}

func (s *server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	ctx, cancel := context.WithCancel(stream.Context())
	defer cancel()
	for {
		select {
		case <-ctx.Done():
			return status.Error(codes.Internal, "client is gone") // want `a client that cancels WatchOrders looks like a fault of the server: ctx\.Done\(\) is answered`
		case order := <-s.orders:
			if err := stream.Send(&pb.OrderEvent{Order: order}); err != nil {
				return err
			}
		}
	}
}

func (s *server) Chat(stream pb.OrderService_ChatServer) error {
	<-stream.Context().Done()
	err := fmt.Errorf("chat: %w", stream.Context().Err())
	return status.Error(codes.Unknown, fmt.Sprintf("over: %v", err)) // want `stream\.Context\(\)\.Err\(\) is answered`
}

func limit(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if ctx.Err() != nil {
		return nil, grpc.Errorf(codes.Internal, "%s: %v", info.FullMethod, ctx.Err()) // want `a client that cancels an RPC looks like a fault of the server`
	}
	return handler(ctx, req)
}

type second struct {
	server
}

func (s *second) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if ctx.Err() == context.Canceled || ctx.Err() == context.DeadlineExceeded {
		return nil, status.Error(codes.Internal, "over") // want `ctx\.Err\(\) is answered`
	}
	return nil, ctx.Err()
}

func (s *second) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	own, cancel := context.WithTimeout(ctx, limitOfStore)
	defer cancel()
	<-own.Done()
	if ctx.Err() != nil {
		return nil, status.Error(codes.Internal, "over") // want `ctx\.Err\(\) is answered`
	}
	return nil, own.Err()
}

func (s *second) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	<-s.orders
	<-ctx.Done()
	if req.GetRequestId() == "" {
		return nil, status.Errorf(codes.Internal, "no id: %v", strings.ToLower(ctx.Err().Error())) // want `ctx\.Err\(\) is answered`
	}
	return nil, status.Error(codes.NotFound, "no order")
}

// Silent.

func (s *server) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return nil, status.FromContextError(err).Err()
	}
	if ctx.Err() != nil {
		return nil, status.Error(codes.Canceled, ctx.Err().Error())
	}
	if err := s.close(); err != nil {
		return nil, status.Errorf(codes.Internal, "close: %v (the call: %v)", err, ctx.Err()) // the call may go on
	}
	_, err := s.store.Load(ctx, req.GetName())
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, status.Error(codes.Internal, "the store is slow") // perhaps by its own clock
	}
	return &emptypb.Empty{}, nil
}

func (s *server) close() error { return nil }

type patient struct {
	server
	client pb.OrderServiceClient
}

func (s *patient) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	own, cancel := context.WithTimeout(ctx, limitOfStore)
	defer cancel()
	select {
	case order := <-s.orders:
		return order, nil
	case <-own.Done():
		return nil, status.Errorf(codes.Internal, "the store: %v", own.Err())
	}
}

const limitOfStore = time.Second

func (s *patient) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	_ = req.GetRequestId()
	ctx, stop := context.WithCancel(ctx)
	go func() {
		if s.close() != nil {
			stop()
		}
	}()
	<-ctx.Done()
	return nil, status.Error(codes.Internal, ctx.Err().Error()) // it was us
}

func (s *patient) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	switch err := ctx.Err(); {
	case errors.Is(err, context.Canceled):
		return nil, status.Error(codes.Canceled, "cancelled")
	case errors.Is(err, context.DeadlineExceeded):
		return nil, status.Error(codes.DeadlineExceeded, "late")
	case err != nil:
		return nil, status.Errorf(codes.Internal, "there is no other: %v", err)
	}
	<-ctx.Done()
	if err := s.close(); err != nil {
		return nil, status.Error(codes.Internal, "not closed")
	}
	if err := s.close(); err != nil {
		return nil, status.Errorf(codes.Internal, "not closed: %v", err)
	}
	return nil, ctx.Err()
}

func (s *patient) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if err := s.work(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	_, err := s.client.GetOrder(ctx, &pb.GetOrderRequest{})
	if status.Code(err) == codes.Canceled {
		return nil, status.Errorf(codes.Internal, "order: %v", err) // by whom?
	}
	return &emptypb.Empty{}, nil
}

// work is not called with the context of the RPC.
func (s *patient) work(ctx context.Context) error {
	if ctx.Err() != nil {
		return status.Error(codes.Internal, ctx.Err().Error())
	}
	return nil
}

func (s *patient) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	ctx := stream.Context()
	if len(s.orders) == 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, limitOfStore)
		defer stop()
	}
	<-ctx.Done()
	return status.Error(codes.Internal, ctx.Err().Error())
}

// Call is a client's.
func Call(ctx context.Context, client pb.OrderServiceClient) error {
	if ctx.Err() != nil {
		return status.Error(codes.Internal, ctx.Err().Error())
	}
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}

type doubtful struct {
	server
	stopped bool
}

func (s *doubtful) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if ctx.Err() != nil || s.stopped {
		return nil, status.Error(codes.Internal, "one of the two")
	}
	_, err := s.store.Load(ctx, req.GetName())
	if errors.Is(err, context.Canceled) || s.stopped {
		return nil, status.Error(codes.Internal, "one of the two")
	}
	if ctx.Err() == nil {
		return nil, status.Error(codes.Internal, "the call goes on")
	}
	return nil, err
}

func (s *doubtful) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	_ = req.GetRequestId()
	<-s.orders
	broken := status.New(codes.Internal, "broken")
	select {
	case <-s.orders:
		return nil, status.Error(codes.Internal, "an order that nobody asked for")
	case <-ctx.Done():
	}
	<-ctx.Done()
	return nil, broken.Err() // made before
}

func (s *doubtful) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	early := status.New(codes.Internal, "broken")
	<-ctx.Done()
	return nil, early.Err() // made before
}

func (s *doubtful) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	_, err := s.store.Load(ctx, req.GetName())
	other := s.close()
	if errors.Is(err, context.Canceled) {
		return nil, status.Errorf(codes.Internal, "close: %v", other)
	}
	if errors.Is(err, errGone) {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return nil, status.Error(codes.Internal, describe(ctx))
}

var errGone = errors.New("gone")

func describe(ctx context.Context) string { return fmt.Sprint(ctx) }
