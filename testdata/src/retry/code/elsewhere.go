package code

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/code/helper"
)

// endedElsewhere asks a helper of another package whether its own context has
// ended.
func endedElsewhere(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) (err error) {
	for range 3 {
		err = invoker(ctx, method, req, reply, cc, opts...)
		if code := status.Code(err); code != codes.Canceled && code != codes.DeadlineExceeded || helper.Ended(ctx) != nil {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return err
}
