package detached

import (
	"context"
	"time"

	"example.com/testdata/deadline/detached/fresh"
	pb "example.com/testdata/stubs/orderpb"
)

// The fresh context is made by somebody else.

func fromHelper(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := bounded() // want `after the caller of fromHelper has gone: context.Background\(\) of bounded instead of ctx`
	defer cancel()
	c.GetOrder(own, nil)
}

func fromPackage(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := fresh.Timed() // want `after the caller of fromPackage has gone: context.Background\(\) of Timed instead of ctx`
	defer cancel()
	c.GetOrder(own, nil)
}

func withMore(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := context.WithTimeout(nothing, time.Second) // want `after the caller of withMore has gone: context.Background\(\) instead of ctx`
	defer cancel()
	c.GetOrder(own, nil)
}

var nothing = context.Background()

func fromList(ctx context.Context, c pb.OrderServiceClient) {
	for _, own := range []context.Context{context.Background()} { // want `context.Background\(\) instead of ctx`
		c.GetOrder(own, nil)
	}
}

// Silent: what makes it says what it is for.
func fromDetached(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := context.WithTimeout(fresh.Detached(), time.Second)
	defer cancel()
	c.GetOrder(own, nil)
}

// Silent: the context is that of the process, which ends it.
var process, stop = context.WithTimeout(context.Background(), time.Hour)

func withProcess(ctx context.Context, c pb.OrderServiceClient) {
	defer stop()
	c.GetOrder(process, nil)
}

// Silent: kept by somebody, who knows for how long.
func kept(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := context.WithTimeout(fresh.Process(), time.Second)
	defer cancel()
	c.GetOrder(own, nil)
}

// Silent: the helper gets the context, and returns another on purpose.
func ofAnother(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := context.WithTimeout(apart(ctx), time.Second)
	defer cancel()
	c.GetOrder(own, nil)
}

func apart(_ context.Context) context.Context { return context.Background() }

// Silent: limited, not detached.
func limited(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := fresh.Limited(ctx)
	defer cancel()
	c.GetOrder(own, nil)
}

// Silent: it has no context that it could pass.
func without(c pb.OrderServiceClient) {
	own, cancel := bounded()
	defer cancel()
	c.GetOrder(own, nil)
}
