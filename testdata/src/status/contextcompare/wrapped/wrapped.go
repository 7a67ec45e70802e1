// Package wrapped puts a type of its own behind the client's interface.
package wrapped

import (
	"context"
	"errors"

	"google.golang.org/grpc"

	"example.com/testdata/status/contextcompare/fetch"
	pb "example.com/testdata/stubs/orderpb"
)

type local struct{ pb.OrderServiceClient }

func (l local) GetOrder(ctx context.Context, in *pb.GetOrderRequest, opts ...grpc.CallOption) (*pb.Order, error) {
	return nil, ctx.Err()
}

// New returns a client that makes no RPCs.
func New() pb.OrderServiceClient { return local{} }

func timedOut(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return errors.Is(err, context.Canceled)
}

func byHelper(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := fetch.Order(ctx, client, "orders/1") // does not know of local
	return errors.Is(err, context.Canceled)
}
