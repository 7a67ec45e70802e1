package deafsleep

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/deafsleep/naps"
	pb "example.com/testdata/stubs/orderpb"
)

func down(err error) bool { return status.Code(err) == codes.Unavailable }

func pause() { time.Sleep(2 * time.Second) }

func sleepFor(d time.Duration) { time.Sleep(d) }

func helped(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for {
		if _, err := c.GetOrder(ctx, req); !down(err) {
			return err
		}
		pause() // want `outlasts ctx: pause between two attempts does not look at it`
	}
}

func told(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for {
		if _, err := c.GetOrder(ctx, req); !down(err) {
			return err
		}
		sleepFor(2 * time.Second) // want `outlasts ctx`
	}
}

func inPlace(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for {
		if _, err := c.GetOrder(ctx, req); !down(err) {
			return err
		}
		func() { time.Sleep(time.Second) }() // want `outlasts ctx` at "time.Sleep(time.Second)"
	}
}

func elsewhere(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for {
		if _, err := c.GetOrder(ctx, req); !down(err) {
			return err
		}
		naps.Long()               // want `outlasts ctx: naps.Long between`
		naps.For(3 * time.Second) // want `outlasts ctx`
	}
}

// From here on: silence.

func pauseFor(ctx context.Context, d time.Duration) {
	if ctx.Err() == nil {
		time.Sleep(d)
	}
}

func heard(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for {
		if _, err := c.GetOrder(ctx, req); !down(err) {
			return err
		}
		pauseFor(ctx, time.Second)
	}
}

func shortly(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for {
		if _, err := c.GetOrder(ctx, req); !down(err) {
			return err
		}
		sleepFor(time.Millisecond)
		naps.Short()
		naps.For(time.Millisecond)
		naps.Until(ctx, time.Minute)
	}
}
