// Package code tries again after codes that stay.
package code

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/code/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func named(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		_, err := c.DeleteOrder(ctx, req) // want `OrderService.DeleteOrder fails again: tried again after InvalidArgument, which the same request gets each time`
		switch status.Code(err) {
		case codes.Unavailable, codes.InvalidArgument:
			if pause(ctx) != nil {
				return err
			}
		default:
			return err
		}
	}
}

func pause(ctx context.Context) error {
	t := time.NewTimer(time.Second)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func excluded(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for range 4 {
		_, err := c.DeleteOrder(ctx, req) // want `after Canceled, NotFound and 6 more codes`
		if !helper.Again(err) {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return errors.New("too often")
}

var again = []codes.Code{codes.Unavailable, codes.Unimplemented}

func listed(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (order *pb.Order, err error) {
	for range 3 {
		order, err = c.GetOrder(ctx, req) // want `after Unimplemented`
		if err == nil || !slices.Contains(again, status.Code(err)) {
			return order, err
		}
		if pause(ctx) != nil {
			return nil, err
		}
	}
	return nil, err
}

func either(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (order *pb.Order, err error) {
	for range 3 {
		order, err = c.GetOrder(ctx, req) // want `after AlreadyExists and DataLoss`
		if code := status.Code(err); code == codes.AlreadyExists || code == codes.DataLoss {
			if pause(ctx) != nil {
				return nil, err
			}
			continue
		}
		return order, err
	}
	return nil, err
}

// untilMade waits for somebody else.
func untilMade(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (order *pb.Order, err error) {
	for {
		order, err = c.GetOrder(ctx, req) // want info `after NotFound`
		if status.Code(err) != codes.NotFound {
			return order, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
}

func interceptor(addr string, creds grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithChainUnaryInterceptor(
		retry.UnaryClientInterceptor(retry.WithMax(3), retry.WithCodes(codes.Unavailable, codes.NotFound)), // want `calls fail again: retry.WithCodes tries again after NotFound`
	))
}

func perCall(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	_, err := c.DeleteOrder(ctx, req, retry.WithMax(3), retry.WithCodes(codes.OutOfRange)) // want `after OutOfRange`
	return err
}

// From here on: silence.

func right(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for range 4 {
		_, err := c.DeleteOrder(ctx, req)
		if !helper.Down(err) {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return errors.New("too often")
}

type session struct {
	c     pb.OrderServiceClient
	token string
	login func(context.Context) (string, error)
}

// renewed has another token in the second attempt.
func (s *session) renewed(ctx context.Context, req *pb.DeleteOrderRequest) error {
	for range 2 {
		_, err := s.c.DeleteOrder(ctx, req)
		if status.Code(err) != codes.Unauthenticated {
			return err
		}
		if s.token, err = s.login(ctx); err != nil {
			return err
		}
	}
	return nil
}

// older servers know another method.
func older(ctx context.Context, c pb.OrderServiceClient, name string) error {
	_, err := c.DeleteOrder(ctx, &pb.DeleteOrderRequest{Name: name})
	if status.Code(err) == codes.Unimplemented {
		_, err = c.UpdateOrder(ctx, &pb.UpdateOrderRequest{Order: &pb.Order{Name: name}})
	}
	return err
}

func created(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest) error {
	for range 3 {
		_, err := c.CreateOrder(ctx, req)
		if status.Code(err) == codes.AlreadyExists {
			return nil // an earlier attempt has done it
		}
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func reconnect(ctx context.Context, c pb.OrderServiceClient) {
	for ctx.Err() == nil {
		stream, err := c.WatchOrders(ctx, &pb.WatchOrdersRequest{})
		if err != nil {
			_ = pause(ctx)
			continue
		}
		for err == nil {
			_, err = stream.Recv()
		}
	}
}

// contextEnded asks the error in a way of its own; the codes are not known.
func contextEnded(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for range 3 {
		_, err := c.DeleteOrder(ctx, req)
		if code := status.Code(err); code != codes.Canceled && code != codes.Unavailable || errors.Is(err, context.Canceled) {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func repaired(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest, repair func(context.Context) error) error {
	for range 3 {
		_, err := c.DeleteOrder(ctx, req)
		if status.Code(err) != codes.FailedPrecondition {
			return err
		}
		if err := repair(ctx); err != nil {
			return err
		}
	}
	return nil
}

func rightOptions(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest, set []codes.Code) error {
	_, err := c.DeleteOrder(ctx, req, retry.WithMax(3), retry.WithCodes(codes.Unavailable, codes.DeadlineExceeded)) // want `retry/dead-code`
	if err == nil {
		_, err = c.DeleteOrder(ctx, req, retry.WithMax(3), retry.WithCodes(set...))
	}
	return err
}

// others sends another request in every turn.
func others(ctx context.Context, c pb.OrderServiceClient, names []string) (*pb.Order, error) {
	for _, name := range names {
		order, err := c.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
		if status.Code(err) != codes.NotFound {
			return order, err
		}
	}
	return nil, nil
}

// ownContext of every attempt may have ended; the caller's goes on.
func ownContext(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) (err error) {
	for range 3 {
		err = invoker(ctx, method, req, reply, cc, opts...)
		if code := status.Code(err); code != codes.Canceled && code != codes.DeadlineExceeded || ctx.Err() != nil {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return err
}

func ended(ctx context.Context) error { return ctx.Err() }

// byHelperEnded asks a helper whether its own context has ended.
func byHelperEnded(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		_, err := c.DeleteOrder(ctx, req)
		if code := status.Code(err); code != codes.Canceled && code != codes.Unavailable || ended(ctx) != nil {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}
