// Package stringmatch tells errors by their text.
package stringmatch

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// Bad.

func contains(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err != nil && strings.Contains(err.Error(), "not found") // want `breaks when the server words its error anew: the error of OrderService\.GetOrder is told by its text, not by its code \[status/string-match\]`
}

func prefix(stream pb.OrderService_WatchOrdersClient) bool {
	_, err := stream.Recv()
	return err != nil && strings.HasPrefix(err.Error(), "rpc error") // want `the error of the stream's Recv is told by its text`
}

func equal(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err != nil && err.Error() == "rpc error: code = NotFound desc = gone" // want `is told by its text`
}

func lower(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err != nil && strings.Contains(strings.ToLower(err.Error()), "timeout") // want `is told by its text`
}

func ofHelper(ctx context.Context, client pb.OrderServiceClient) bool {
	err := load(ctx, client)
	return err != nil && strings.HasSuffix(err.Error(), "gone") // want `the error of OrderService\.GetOrder is told by its text`
}

func load(ctx context.Context, client pb.OrderServiceClient) error {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}

func byHelper(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err != nil && textIn(err) == "rpc error: code = NotFound desc = gone" // want `is told by its text`
}

func textIn(err error) string { return err.Error() }

// Silent.

func codeByHelper(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return status.Code(err) == codes.FailedPrecondition && isLocked(err)
}

func isLocked(err error) bool { return strings.Contains(textOfLock(err), "locked") }

func textOfLock(err error) string { return err.Error() }

func codeOfVariable(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	isLocked := func() bool { return strings.Contains(err.Error(), "locked") }
	return status.Code(err) == codes.FailedPrecondition && isLocked()
}

func codeByMethod(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return (failed{err}).code() == codes.FailedPrecondition && strings.Contains(err.Error(), "locked")
}

type failed struct{ err error }

func (f failed) code() codes.Code { return status.Code(f.err) }

func codeByLiteral(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	failed := func() bool { return status.Code(err) == codes.FailedPrecondition }
	return failed() && strings.Contains(err.Error(), "locked")
}

func code(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return status.Code(err) == codes.FailedPrecondition && strings.Contains(err.Error(), "locked")
}

func message(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	s := status.Convert(err)
	return s.Code() == codes.Internal && strings.Contains(s.Message(), "locked")
}

func parameter(err error) bool { return strings.Contains(err.Error(), "not found") }

func local(name string) bool {
	err := find(name)
	return err != nil && strings.Contains(err.Error(), "not found")
}

func find(name string) error { return errors.New("not found") }

func either(ctx context.Context, client pb.OrderServiceClient, name string) bool {
	err := find(name)
	if err == nil {
		_, err = client.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
	}
	return err != nil && strings.Contains(err.Error(), "not found")
}

func reply(ctx context.Context, client pb.OrderServiceClient) bool {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err == nil && strings.Contains(order.GetName(), "orders/")
}

func shown(ctx context.Context, client pb.OrderServiceClient) string {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	if err != nil {
		return strings.TrimSpace(err.Error())
	}
	return ""
}
