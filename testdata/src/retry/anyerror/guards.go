package anyerror

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	pb "example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/pingpb"
)

// From here on: silence.

// withoutKey is said to be carried out twice, which is worse.
func withoutKey(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) (err error) {
	for range 3 {
		if _, err = c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order}); err == nil { // want `retry/unset-key`
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return err
}

// reads waits until there is a server: it asks for nothing in particular.
func reads(ctx context.Context, c pingpb.PingServiceClient) (err error) {
	for range 3 {
		if _, err = c.GetVersion(ctx, &emptypb.Empty{}); err == nil {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return err
}
