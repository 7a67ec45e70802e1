package stringmatch

import (
	"context"
	"os"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/status/stringmatch/ask"
	pb "example.com/testdata/stubs/orderpb"
)

func imported(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return ask.NotFound(err) // want `breaks when the server words its error anew: NotFound tells the error of OrderService\.GetOrder by its text, not by its code \[status/string-match\]`
}

func isGone(err error) bool { return strings.HasSuffix(err.Error(), "gone") }

func ofOthersToo(ctx context.Context, client pb.OrderServiceClient) (bool, bool) {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	_, err2 := os.Stat("order")
	return isGone(err), isGone(err2) // want `isGone tells the error of OrderService\.GetOrder by its text`
}

func isBusy(err error) bool {
	return strings.Contains(err.Error(), "busy") // want `the error of OrderService\.GetOrder is told by its text`
}

func ofRPCsOnly(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return isBusy(err)
}

// Silent.

func readsCodeToo(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return status.Code(err) == codes.NotFound || ask.NotFound(err)
}

func ofFile() bool {
	_, err := os.Stat("order")
	return ask.NotFound(err) || isGone(err)
}
