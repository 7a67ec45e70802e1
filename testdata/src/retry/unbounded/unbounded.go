// Package unbounded does not give up.
package unbounded

import (
	"context"
	"log"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/unbounded/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func detached(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	ctx = context.WithoutCancel(ctx)
	for {
		_, err := c.DeleteOrder(ctx, req) // want `OrderService.DeleteOrder is tried again for as long as the server is down: no count, clock or context ends it`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		<-time.After(time.Second)
	}
}

func values(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		detached := metadata.AppendToOutgoingContext(context.WithoutCancel(ctx), "a", "b")
		_, err := c.DeleteOrder(detached, req) // want `no count, clock or context ends it`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		<-time.After(time.Second)
	}
}

func everything(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	for {
		_, err := c.DeleteOrder(ctx, req) // want `tried again for ever, also when its context has ended: only success ends it` `retry/any-error`
		if err == nil {
			return
		}
		log.Print("delete: ", err)
		<-time.After(time.Second)
	}
}

func byHelper(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	return helper.Forever(func() error {
		_, err := c.DeleteOrder(ctx, req) // want `only success ends it` `retry/any-error`
		return err
	})
}

func reads(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) *pb.Order {
	for {
		order, err := c.GetOrder(ctx, req) // want info `only success ends it` info `retry/any-error`
		if err == nil {
			return order
		}
		<-time.After(time.Second)
	}
}

// From here on: silence.

func bounded(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		_, err := c.DeleteOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err // DEADLINE_EXCEEDED in the end
		}
		<-time.After(time.Second)
	}
}

func counted(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest, n int) (err error) {
	for tries := 0; ; tries++ {
		if _, err = c.DeleteOrder(ctx, req); err == nil || tries >= n { // want `retry/any-error`
			return err
		}
		<-time.After(time.Second)
	}
}

func timed(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	start := time.Now()
	for {
		_, err := c.DeleteOrder(context.WithoutCancel(ctx), req)
		if status.Code(err) != codes.Unavailable || time.Since(start) > time.Minute {
			return err
		}
		<-time.After(time.Second)
	}
}

func stopped(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest, stop chan struct{}) error {
	for {
		_, err := c.DeleteOrder(context.WithoutCancel(ctx), req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		select {
		case <-stop:
			return err
		case <-time.After(time.Second):
		}
	}
}

func asked(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		_, err := c.DeleteOrder(ctx, req) // want `retry/any-error`
		if err == nil || ctx.Err() != nil {
			return err
		}
		<-time.After(time.Second)
	}
}

func worker(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	for {
		if _, err := c.DeleteOrder(ctx, req); err != nil {
			log.Print("delete: ", err)
		}
		<-time.After(time.Second)
	}
}

type breaker interface{ Open() bool }

func broken(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest, b breaker) error {
	ctx = context.WithoutCancel(ctx)
	for !b.Open() {
		_, err := c.DeleteOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		<-time.After(time.Second)
	}
	return nil
}

func pages(ctx context.Context, c pb.OrderServiceClient, req *pb.ListOrdersRequest) error {
	for {
		reply, err := c.ListOrders(ctx, req)
		if err != nil {
			<-time.After(time.Second)
			continue
		}
		if req.PageToken = reply.GetNextPageToken(); req.PageToken == "" {
			return nil
		}
	}
}
