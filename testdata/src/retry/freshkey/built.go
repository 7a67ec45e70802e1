package freshkey

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/freshkey/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func newCreate(order *pb.Order) *pb.CreateOrderRequest {
	return &pb.CreateOrderRequest{Order: order, RequestId: uuid.NewString()}
}

func newCreateAs(order *pb.Order, id string) *pb.CreateOrderRequest {
	return &pb.CreateOrderRequest{Order: order, RequestId: id}
}

func checked(order *pb.Order) (*pb.CreateOrderRequest, error) {
	if order == nil {
		return nil, errors.New("no order")
	}
	req := &pb.CreateOrderRequest{Order: order}
	req.RequestId = uuid.NewString()
	return req, nil
}

type creator struct {
	order *pb.Order
	c     pb.OrderServiceClient
}

func (cr *creator) request() *pb.CreateOrderRequest {
	return &pb.CreateOrderRequest{Order: cr.order, RequestId: uuid.NewString()}
}

func builtInside(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for range 3 {
		_, err := c.CreateOrder(ctx, newCreate(order)) // want `OrderService.CreateOrder is carried out once per attempt: newCreate makes a new RequestId for each`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

func keyedInside(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for range 3 {
		_, err := c.CreateOrder(ctx, newCreateAs(order, uuid.NewString())) // want `uuid.NewString makes a new RequestId for each`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

func checkedInside(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for range 3 {
		req, err := checked(order) // want `checked makes a new RequestId for each`
		if err != nil {
			return err
		}
		_, err = c.CreateOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (cr *creator) create(ctx context.Context) error {
	for range 3 {
		_, err := cr.c.CreateOrder(ctx, cr.request()) // want `request makes a new RequestId for each`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

func handedOver(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	return helper.Retry(ctx, func(ctx context.Context) error {
		_, err := c.CreateOrder(ctx, newCreate(order)) // want `newCreate makes a new RequestId for each`
		return err
	})
}

func importedInside(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for range 3 {
		_, err := c.CreateOrder(ctx, helper.New(order)) // want `helper.New makes a new RequestId for each`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Silent: built once, or with a key from before.

func builtBefore(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	req := newCreate(order)
	for range 3 {
		_, err := c.CreateOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

func keyedBefore(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	id := uuid.NewString()
	for range 3 {
		_, err := c.CreateOrder(ctx, newCreateAs(order, id))
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

func importedBefore(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	id := uuid.NewString()
	for range 3 {
		_, err := c.CreateOrder(ctx, helper.NewAs(order, id))
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

func keyedAfterwards(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	id := uuid.NewString()
	for range 3 {
		req := newCreate(order)
		req.RequestId = id
		_, err := c.CreateOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

func handedBefore(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	req := newCreate(order)
	return helper.Retry(ctx, func(ctx context.Context) error {
		_, err := c.CreateOrder(ctx, req)
		return err
	})
}

func at(orders []*pb.Order, i int) *pb.CreateOrderRequest { return newCreate(orders[i]) }

func oneAfterTheOther(ctx context.Context, c pb.OrderServiceClient, orders []*pb.Order) error {
	for i := range orders {
		_, err := c.CreateOrder(ctx, at(orders, i))
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

func second(pair func() (int, string)) string {
	_, id := pair()
	return id
}

// withCount calls itself, by another function that gives back its second result.
func withCount() (int, string) {
	if len(uuid.NewString()) == 0 {
		return 2, second(withCount)
	}
	return 1, uuid.NewString()
}

// NextNumber makes something new, which importers are told.
func NextNumber() string { return second(withCount) }
