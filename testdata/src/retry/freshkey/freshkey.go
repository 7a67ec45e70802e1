// Package freshkey makes keys in the wrong place.
package freshkey

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/freshkey/helper"
	pb "example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		return nil
	}
}

func assigned(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest) error {
	for range 3 {
		req.RequestId = uuid.NewString() // want `OrderService.CreateOrder is carried out once per attempt: uuid.NewString makes a new RequestId for each`
		_, err := c.CreateOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func literal(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for range 3 {
		req := &pb.CreateOrderRequest{Order: order, RequestId: uuid.New().String()} // want `uuid.New makes a new RequestId`
		_, err := c.CreateOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func inCall(ctx context.Context, c paypb.PaymentServiceClient, payment *paypb.Payment) error {
	for range 3 {
		_, err := c.Refund(ctx, &paypb.RefundRequest{
			Payment:   payment,
			RequestId: fmt.Sprintf("refund-%d", time.Now().UnixNano()), // want `PaymentService.Refund is carried out once per attempt: time.Now makes`
		})
		if err == nil {
			return nil
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func newKey() string { return "order-" + uuid.NewString() }

func ownGenerator(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for range 3 {
		id := newKey() // want `newKey makes a new RequestId`
		_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order, RequestId: id})
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func elsewhere(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for range 3 {
		err := helper.Create(ctx, c, order) // want `OrderService.CreateOrder is carried out once per attempt \(Create\): uuid.NewString makes a new`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func handedOn(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for range 3 {
		err := helper.CreateAs(ctx, c, order, uuid.NewString()) // want `once per attempt`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func retry(ctx context.Context, f func() error) (err error) {
	for range 3 {
		if err = f(); status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return err
}

func run(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest) error {
	return retry(ctx, func() error {
		req.RequestId = uuid.NewString() // want `uuid.NewString makes a new RequestId`
		_, err := c.CreateOrder(ctx, req)
		return err
	})
}

func inMetadata(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		attempt := metadata.AppendToOutgoingContext(ctx, "idempotency-key", uuid.NewString()) // want `makes a new idempotency-key`
		_, err := c.Charge(attempt, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

// From here on: silence.

func before(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest) error {
	req.RequestId = uuid.NewString()
	for range 3 {
		_, err := c.CreateOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func outside(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	id := uuid.NewString()
	for range 3 {
		_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order, RequestId: id})
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func items(ctx context.Context, c pb.OrderServiceClient, orders []*pb.Order) error {
	for _, order := range orders {
		req := &pb.CreateOrderRequest{Order: order, RequestId: uuid.NewString()}
		if _, err := c.CreateOrder(ctx, req); err != nil {
			return err
		}
	}
	return nil
}

func firstThatWorks(ctx context.Context, c pb.OrderServiceClient, orders []*pb.Order) error {
	for _, order := range orders {
		if _, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order, RequestId: uuid.NewString()}); err == nil {
			return nil
		}
	}
	return nil
}

func ifEmpty(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest) error {
	for range 3 {
		if req.RequestId == "" {
			req.RequestId = uuid.NewString()
		}
		_, err := c.CreateOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func tracing(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest) error {
	for range 3 {
		attempt := metadata.AppendToOutgoingContext(ctx, "x-request-id", uuid.NewString())
		_, err := c.CreateOrder(attempt, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func handedThrough(ctx context.Context, c pb.OrderServiceClient, order *pb.Order, id string) error {
	for range 3 {
		err := helper.CreateAs(ctx, c, order, id)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func derived(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for range 3 {
		id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(order.GetName())).String()
		_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order, RequestId: id})
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func once(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	return helper.Create(ctx, c, order)
}

func worker(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) {
	for ctx.Err() == nil {
		_ = helper.Create(ctx, c, order)
		_ = pause(ctx)
	}
}

func changedItem(ctx context.Context, c pb.OrderServiceClient) error {
	for i := range 3 {
		order := &pb.Order{Name: fmt.Sprint("orders/", i)}
		_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order, RequestId: uuid.NewString()})
		if status.Code(err) != codes.AlreadyExists {
			return err
		}
	}
	return nil
}

// Every page is another request.
func pages(ctx context.Context, c pb.OrderServiceClient, list []*pb.Order) (err error) {
	for len(list) > 0 {
		_, err = c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: list[0], RequestId: uuid.NewString()})
		if err != nil {
			return err
		}
		list = list[1:]
	}
	return nil
}
