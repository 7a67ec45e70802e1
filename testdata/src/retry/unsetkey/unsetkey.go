// Package unsetkey leaves keys out.
package unsetkey

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/unsetkey/helper"
	pb "example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func again(ctx context.Context, err error) bool {
	if status.Code(err) != codes.Unavailable {
		return false
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time.Second):
		return true
	}
}

func before(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	req := &pb.CreateOrderRequest{Order: order}
	for {
		if _, err := c.CreateOrder(ctx, req); !again(ctx, err) { // want `OrderService.CreateOrder may be carried out twice: tried again after Unavailable, and RequestId of the request is not set`
			return err
		}
	}
}

func inside(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for {
		if _, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order}); !again(ctx, err) { // want `RequestId of the request is not set`
			return err
		}
	}
}

func anyError(ctx context.Context, c paypb.PaymentServiceClient, payment *paypb.Payment) (err error) {
	for range 3 {
		if _, err = c.Refund(ctx, &paypb.RefundRequest{Payment: payment}); err == nil { // want `tried again after any error, and RequestId`
			return nil
		}
		<-time.After(time.Second)
	}
	return err
}

func elsewhere(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for {
		if err := helper.Create(ctx, c, order); !again(ctx, err) { // want `\(Create\) may be carried out twice.*request_id of the request is not set`
			return err
		}
	}
}

func run(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	req := &pb.CreateOrderRequest{}
	req.Order = order
	return helper.Retry(ctx, func() error {
		_, err := c.CreateOrder(ctx, req) // want `by Retry after Unavailable, and RequestId`
		return err
	})
}

// From here on: silence.

func given(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest) error {
	for {
		if _, err := c.CreateOrder(ctx, req); !again(ctx, err) {
			return err
		}
	}
}

func set(ctx context.Context, c pb.OrderServiceClient, order *pb.Order, id string) error {
	req := &pb.CreateOrderRequest{Order: order}
	req.RequestId = id
	for {
		if _, err := c.CreateOrder(ctx, req); !again(ctx, err) {
			return err
		}
	}
}

func identify(req *pb.CreateOrderRequest) { req.RequestId = "1" }

func handedOn(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	req := &pb.CreateOrderRequest{Order: order}
	identify(req)
	for {
		if _, err := c.CreateOrder(ctx, req); !again(ctx, err) {
			return err
		}
	}
}

func built(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	req := helper.Request(order)
	for {
		if _, err := c.CreateOrder(ctx, req); !again(ctx, err) {
			return err
		}
	}
}

func once(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order})
	return err
}

func reads(ctx context.Context, c pb.OrderServiceClient) error {
	for {
		if _, err := c.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"}); !again(ctx, err) {
			return err
		}
	}
}

func items(ctx context.Context, c pb.OrderServiceClient, orders []*pb.Order) error {
	for _, order := range orders {
		if _, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order}); !again(ctx, err) {
			return err
		}
	}
	return nil
}

func refused(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for range 3 {
		_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order}) // want `retry/code`
		if status.Code(err) != codes.PermissionDenied {
			return err
		}
		<-time.After(time.Second)
	}
	return nil
}

func byOther(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	var req pb.CreateOrderRequest
	helper.Fill(&req, order)
	for {
		if _, err := c.CreateOrder(ctx, &req); !again(ctx, err) {
			return err
		}
	}
}
