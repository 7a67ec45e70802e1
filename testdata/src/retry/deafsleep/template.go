package deafsleep

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// fromTemplate is what a tool makes of a template.
func fromTemplate(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) (order *pb.Order, err error) {
//line template.y:7
	for range 3 {
		order, err = c.GetOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return order, err
		}
		time.Sleep(2 * time.Second) // want `outlasts ctx`
	}
	return nil, err
}
