package freshkey

import (
	"context"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/freshkey/ids"
	pb "example.com/testdata/stubs/orderpb"
)

func again(ctx context.Context, err error) bool {
	return status.Code(err) == codes.Unavailable && pause(ctx) == nil
}

func ask[T any](f func() T) T { return f() }

func inPlace(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for {
		id := func() string { return uuid.NewString() }() // want `uuid.NewString makes a new RequestId`
		_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order, RequestId: id})
		if !again(ctx, err) {
			return err
		}
	}
}

func byHelper(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for {
		req := ask(func() *pb.CreateOrderRequest { return newCreate(order) }) // want `ask makes a new RequestId`
		if _, err := c.CreateOrder(ctx, req); !again(ctx, err) {
			return err
		}
	}
}

func fromList(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for {
		ids := map[string]string{"id": uuid.NewString()} // want `makes a new RequestId`
		reqs := []*pb.CreateOrderRequest{newCreateAs(order, ids["id"])}
		if _, err := c.CreateOrder(ctx, reqs[0]); !again(ctx, err) {
			return err
		}
	}
}

func byOthers(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for {
		_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order, RequestId: ids.New()}) // want `ids.New makes a new RequestId`
		if !again(ctx, err) {
			return err
		}
	}
}

func createFresh(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest) error {
	req.RequestId = uuid.NewString()
	_, err := c.CreateOrder(ctx, req)
	return err
}

func setByHelper(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	req := &pb.CreateOrderRequest{Order: order}
	for {
		if err := createFresh(ctx, c, req); !again(ctx, err) { // want `once per attempt \(createFresh\)`
			return err
		}
	}
}

// From here on: silence.

func byOthersBefore(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	id := ids.New()
	for {
		_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order, RequestId: id})
		if !again(ctx, err) {
			return err
		}
	}
}

func fixedByOthers(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	for {
		_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order, RequestId: ids.Of(order.GetName())})
		if !again(ctx, err) {
			return err
		}
	}
}

// next is another order every time, wherever the literal is made.
func next(ctx context.Context, c pb.OrderServiceClient, orders []*pb.Order) error {
	i := 0
	request := func() *pb.CreateOrderRequest { return newCreate(orders[i]) }
	for i < len(orders) {
		if _, err := c.CreateOrder(ctx, request()); !again(ctx, err) {
			return err
		}
		i++
	}
	return nil
}

func listed(ctx context.Context, c pb.OrderServiceClient, orders []*pb.Order) error {
	var reqs []*pb.CreateOrderRequest
	for _, order := range orders {
		reqs = append(reqs, newCreate(order))
	}
	for _, req := range reqs {
		if _, err := c.CreateOrder(ctx, req); !again(ctx, err) {
			return err
		}
	}
	return nil
}
