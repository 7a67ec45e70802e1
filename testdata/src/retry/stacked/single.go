package stacked

import (
	"context"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
)

// Silent: one attempt multiplies nothing.
func (o *orders) single(ctx context.Context, req *orderpb.ListOrdersRequest) (reply *orderpb.ListOrdersResponse, err error) {
	for range 3 {
		//grpclint:ignore retry/no-retry the loop is what retries
		reply, err = o.client.ListOrders(ctx, req, retry.WithMax(1))
		if status.Code(err) != codes.Unavailable {
			return reply, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
	return reply, err
}
