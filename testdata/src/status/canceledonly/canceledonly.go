// Package canceledonly asks why RPCs failed.
package canceledonly

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

var client pb.OrderServiceClient

func compares(ctx context.Context, req *pb.GetOrderRequest) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err := client.GetOrder(ctx, req)
	if status.Code(err) == codes.Canceled { // want `misses the timeout of context.WithTimeout: its RPCs end with DeadlineExceeded then, and only Canceled is looked for \[status/canceled-only\]`
		return nil
	}
	return err
}

func switches(ctx context.Context, req *pb.GetOrderRequest) string {
	ctx, cancel := context.WithDeadline(ctx, time.Now().Add(time.Second))
	defer cancel()
	_, err := client.GetOrder(ctx, req)
	switch status.Code(err) {
	case codes.OK:
		return "fine"
	case codes.Canceled: // want `misses the timeout of context.WithDeadline`
		return "too slow"
	default:
		return "broken"
	}
}

func reversed(req *pb.GetOrderRequest) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err := client.GetOrder(ctx, req)
	return codes.Canceled == status.Code(err) // want `status/canceled-only`
}

func fromStatus(ctx context.Context, req *pb.GetOrderRequest) bool {
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err := client.GetOrder(short, req)
	s, ok := status.FromError(err)
	return ok && s.Code() == codes.Canceled // want `status/canceled-only`
}

func amongOthers(ctx context.Context, req *pb.GetOrderRequest) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err := client.GetOrder(ctx, req)
	switch status.Code(err) {
	case codes.Unavailable, codes.Canceled: // want `status/canceled-only`
		return true
	}
	return false
}

// Both.
func both(ctx context.Context, req *pb.GetOrderRequest) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err := client.GetOrder(ctx, req)
	code := status.Code(err)
	return code == codes.Canceled || code == codes.DeadlineExceeded
}

// In two places.
func elsewhere(ctx context.Context, req *pb.GetOrderRequest) string {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err := client.GetOrder(ctx, req)
	switch status.Code(err) {
	case codes.Canceled:
		return "gone"
	case codes.DeadlineExceeded:
		return "slow"
	}
	return ""
}

// No deadline of its own.
func callers(ctx context.Context, req *pb.GetOrderRequest) bool {
	_, err := client.GetOrder(ctx, req)
	return status.Code(err) == codes.Canceled
}

// Canceled by hand, and that is asked for.
func byHand(ctx context.Context, req *pb.GetOrderRequest) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	_, err := client.GetOrder(ctx, req)
	return status.Code(err) == codes.Canceled
}

// The context tells.
func asksContext(ctx context.Context, req *pb.GetOrderRequest) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err := client.GetOrder(ctx, req)
	return status.Code(err) == codes.Canceled || ctx.Err() != nil
}

// The deadline is for something else.
func other(ctx context.Context, req *pb.GetOrderRequest) bool {
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	<-short.Done()
	_, err := client.GetOrder(ctx, req)
	return status.Code(err) == codes.Canceled
}

// All but Canceled.
func not(ctx context.Context, req *pb.GetOrderRequest) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err := client.GetOrder(ctx, req)
	return status.Code(err) != codes.Canceled
}

// Another code.
func notFound(ctx context.Context, req *pb.GetOrderRequest) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err := client.GetOrder(ctx, req)
	return status.Code(err) == codes.NotFound
}
