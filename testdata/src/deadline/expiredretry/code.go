package expiredretry

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// The code comes from a helper.

func codeOf(err error) codes.Code { return status.Code(err) }

func byHelper(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for {
		_, err := c.GetOrder(ctx, req) // want `fails at once`
		if codeOf(err) != codes.DeadlineExceeded {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Silent: the helper has codes of its own.

func ownCode(err error) codes.Code {
	if err == errOwn {
		return codes.DeadlineExceeded
	}
	return codes.Internal
}

var errOwn = context.Canceled

func byOwnCode(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for {
		_, err := c.GetOrder(ctx, req)
		if ownCode(err) != codes.DeadlineExceeded {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}
