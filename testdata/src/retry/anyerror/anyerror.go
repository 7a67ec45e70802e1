// Package anyerror does not look at codes.
package anyerror

import (
	"context"
	"errors"
	"log"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/anyerror/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		return nil
	}
}

func counted(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) (err error) {
	for range 3 {
		_, err = c.DeleteOrder(ctx, req) // want `OrderService.DeleteOrder is tried again after errors that can only come again, InvalidArgument say: no code is looked at`
		if err == nil {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return err
}

func endless(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		if _, err := c.DeleteOrder(ctx, req); err == nil { // want `tried again after errors`
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func onlyLogged(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		_, err := c.DeleteOrder(ctx, req) // want `tried again after errors`
		if err == nil {
			return nil
		}
		if status.Code(err) == codes.PermissionDenied {
			log.Print("still denied")
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func byHelper(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	return helper.Again(ctx, func() error {
		_, err := c.DeleteOrder(ctx, req) // want `tried again by Again after errors`
		return err
	})
}

func read(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (order *pb.Order, err error) {
	for range 3 {
		if order, err = c.GetOrder(ctx, req); err == nil { // want info `OrderService.GetOrder is tried again`
			return order, nil
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
	return nil, err
}

func interceptor(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) (err error) {
	for range 3 {
		if err = invoker(ctx, method, req, reply, cc, opts...); err == nil { // want `every RPC of this interceptor is tried again`
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return err
}

func elsewhere(ctx context.Context, c pb.OrderServiceClient) (err error) {
	for range 3 {
		if err = helper.Delete(ctx, c, "orders/1"); err == nil { // want `OrderService.DeleteOrder \(Delete\) is tried again after errors that can only come again`
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return err
}

// From here on: silence.

func looked(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		_, err := c.DeleteOrder(ctx, req)
		if err == nil || status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func helped(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	return helper.Again(ctx, func() error {
		_, err := c.DeleteOrder(ctx, req) // want `retry/code`
		if status.Code(err) == codes.InvalidArgument {
			return nil
		}
		return err
	})
}

func serving(ctx context.Context, c healthpb.HealthClient) error {
	for {
		if _, err := c.Check(ctx, &healthpb.HealthCheckRequest{}); err == nil {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func worker(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	for ctx.Err() == nil {
		if _, err := c.DeleteOrder(ctx, req); err != nil {
			log.Print(err)
		}
		_ = pause(ctx)
	}
}

func text(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		_, err := c.DeleteOrder(ctx, req)
		if err == nil || strings.Contains(err.Error(), "gone") { // want `the error of OrderService.DeleteOrder is told by its text`
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

type temporary interface{ Temporary() bool }

func asked(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		_, err := c.DeleteOrder(ctx, req)
		var t temporary
		if err == nil || errors.As(err, &t) && !t.Temporary() {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func each(ctx context.Context, c pb.OrderServiceClient, names []string) error {
	for _, name := range names {
		if _, err := c.DeleteOrder(ctx, &pb.DeleteOrderRequest{Name: name}); err == nil {
			return nil
		}
	}
	return errors.New("none")
}

func ends(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest, fatal func(error) bool) error {
	for {
		_, err := c.DeleteOrder(ctx, req)
		if err == nil || fatal(err) {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func secondServer(ctx context.Context, first, second pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	if _, err := first.DeleteOrder(ctx, req); err == nil {
		return nil
	}
	_, err := second.DeleteOrder(ctx, req)
	return err
}

func stream(ctx context.Context, c pb.OrderServiceClient) (s grpc.ServerStreamingClient[pb.OrderEvent], err error) {
	for {
		if s, err = c.WatchOrders(ctx, &pb.WatchOrdersRequest{}); err == nil {
			return s, nil
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
}
