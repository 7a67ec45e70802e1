package freshkey

import (
	"context"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// fromTemplate is what a tool makes of a template, which has more lines.
func fromTemplate(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest) error {
//line template.y:1000
	for range 3 {
		req.RequestId = uuid.NewString() // want `uuid.NewString makes a new RequestId`
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
