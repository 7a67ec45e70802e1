package contextcompare

import (
	"context"
	"database/sql"
	"errors"

	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

var errTaken = errors.New("taken")

// register returns errors of RPCs, or one that is of no context.
func register(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	if err != nil {
		return err
	}
	if order.GetName() != "" {
		return errTaken
	}
	_, err = client.CreateOrder(ctx, &pb.CreateOrderRequest{})
	return err
}

func registered(ctx context.Context, client pb.OrderServiceClient) bool {
	err := register(ctx, client)
	return errors.Is(err, context.DeadlineExceeded) // want `never true: the error of OrderService\.GetOrder has the code DeadlineExceeded, it is not context\.DeadlineExceeded`
}

// Silent.

// waited may return an error of package context.
func waited(ctx context.Context, client pb.OrderServiceClient) bool {
	return errors.Is(wait(ctx, client), context.DeadlineExceeded)
}

func wait(ctx context.Context, client pb.OrderServiceClient) error {
	if _, err := client.GetOrder(ctx, &pb.GetOrderRequest{}); err != nil {
		return err
	}
	return ctx.Err()
}

// stored returns a sentinel of a package that does not tell what it wraps.
func stored(ctx context.Context, client pb.OrderServiceClient, db *sql.DB) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	if db == nil {
		err = sql.ErrConnDone
	}
	return errors.Is(err, context.Canceled)
}

// late says itself what it is.
type late struct{}

func (late) Error() string { return "late" }

func (late) Is(target error) bool { return target == context.DeadlineExceeded }

func decided(ctx context.Context, client pb.OrderServiceClient, cc *grpc.ClientConn) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	if cc == nil {
		err = late{}
	}
	return errors.Is(err, context.DeadlineExceeded)
}
