package freshkey

import (
	"context"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

func numbered(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest) error {
	for i := 0; i < 3; i++ {
		req.RequestId = uuid.NewString() // want `makes a new RequestId` at "uuid.NewString()"
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

func labelled(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest) (err error) {
again:
	for range 3 {
		req.RequestId = uuid.NewString() // want `makes a new RequestId`
		_, err = c.CreateOrder(ctx, req)
		switch status.Code(err) {
		case codes.Unavailable:
			if pause(ctx) != nil {
				break again
			}
		default:
			break again
		}
	}
	return err
}

// ofAttempt needs what the loop has, so the key cannot be made before it.
func ofAttempt(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest) error {
	for range 3 {
		prefix := req.GetOrder().GetName()
		req.RequestId = prefix + uuid.NewString() // want `makes a new RequestId`
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
