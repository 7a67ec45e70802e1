// Package compare compares errors of RPCs with others of its own.
package compare

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/status/compare/errs"
	pb "example.com/testdata/stubs/orderpb"
)

var errGone = status.Errorf(codes.NotFound, "gone")

// Bad.

func variable(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err == errGone // want `never true: the error of OrderService\.GetOrder is not the same value as compare\.errGone; compare codes \[status/compare\]`
}

func acrossPackages(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return errs.ErrNotFound != err // want `always true: the error of OrderService\.GetOrder is not the same value as errs\.ErrNotFound`
}

func onTheSpot(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err == status.Error(codes.NotFound, "gone") // want `is not the same value as a status error that this program makes`
}

func received(stream pb.OrderService_WatchOrdersClient) bool {
	_, err := stream.Recv()
	return err == errGone // want `the error of the stream's Recv is not the same value as compare\.errGone`
}

func ofHelper(ctx context.Context, client pb.OrderServiceClient) bool {
	return load(ctx, client) == errGone // want `the error of OrderService\.GetOrder is not the same value`
}

func load(ctx context.Context, client pb.OrderServiceClient) error {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}

func made(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err == gone("order") // want `is not the same value as a status error that this program makes`
}

func gone(what string) error { return status.Errorf(codes.NotFound, "%s is gone", what) }

// Silent.

func maybeNil(ctx context.Context, client pb.OrderServiceClient, name string) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err == expected(name) // both may be nil
}

func expected(name string) error {
	if name == "" {
		return gone(name)
	}
	return nil
}

func table(ctx context.Context, client pb.OrderServiceClient) bool {
	for _, tt := range []struct {
		name string
		want error
	}{{name: "a"}, {name: "b", want: gone("b")}} {
		_, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: tt.name})
		if err != tt.want {
			return false
		}
	}
	return true
}

func is(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return errors.Is(err, errGone)
}

func code(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return status.Code(err) == codes.NotFound
}

func inProcess(name string) bool { return find(name) == errGone }

func find(name string) error {
	if name == "" {
		return errGone
	}
	return nil
}

func either(ctx context.Context, client pb.OrderServiceClient, name string) bool {
	err := find(name)
	if err == nil {
		_, err = client.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
	}
	return err == errGone
}

func parameter(err error) bool { return err == errGone }

func plain(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err == errs.ErrPlain // as wrong, for another reason
}

func none(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err == nil
}

func twoRPCs(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err1 := client.GetOrder(ctx, &pb.GetOrderRequest{})
	_, err2 := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err1 == err2
}
