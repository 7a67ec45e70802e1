package code

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// fleet asks one server after the other. One that shuts down cancels what it
// does; whether the context has ended is asked by who gives the next.
type fleet struct {
	next func(context.Context) (pb.OrderServiceClient, error)
}

func (f *fleet) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) error {
	return f.call(ctx, func(c pb.OrderServiceClient) error { // related `it is tried again by call`
		_, err := c.DeleteOrder(ctx, req) // want info `tried again by call after Canceled, which the same request gets each time`
		return err
	})
}

func (f *fleet) call(ctx context.Context, do func(pb.OrderServiceClient) error) error {
	for {
		c, err := f.next(ctx)
		if err != nil {
			return err
		}
		err = do(c)
		if code := status.Code(err); code != codes.Canceled && code != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}
