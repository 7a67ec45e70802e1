package dropped

import (
	"context"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

// forgets is left without its context.
func forgets(ctx context.Context, tenant string) {
	if tenant != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "tenant", tenant) // want `in the context that metadata.AppendToOutgoingContext returns, and that is dropped`
	}
}

func inLiteral(ctx context.Context) {
	add := func() context.Context { return metadata.AppendToOutgoingContext(ctx, "a", "1") }
	add()                                                                                      // want `in the context that add returns`
	func() context.Context { return metadata.AppendToOutgoingContext(ctx, "a", "1") }()        // want `in the context that metadata.AppendToOutgoingContext returns`
	run(func() context.Context { return metadata.AppendToOutgoingContext(ctx, "a", "1") })     // want `in the context that run returns`
	run(func() context.Context { calls++; return metadata.AppendToOutgoingContext(ctx, "a") }) // want `odd-pairs`
}

func run(f func() context.Context) context.Context { return f() }

func inStruct(ctx context.Context) {
	kept := struct{ ctx context.Context }{metadata.AppendToOutgoingContext(ctx, "a", "1")} // want `dropped`
	_ = kept.ctx
}

// Silent.

// shared is used by the literal, which runs afterwards.
func shared(ctx context.Context, c pb.OrderServiceClient) error {
	get := func() error {
		_, err := c.GetOrder(ctx, nil)
		return err
	}
	ctx = metadata.AppendToOutgoingContext(ctx, "a", "1")
	return get()
}

// before runs what it shares before.
func before(ctx context.Context, c pb.OrderServiceClient) error {
	_, err := func() (*pb.Order, error) { return c.GetOrder(ctx, nil) }()
	ctx = metadata.AppendToOutgoingContext(ctx, "a", "1") // want `dropped`
	return err
}

type holder struct{ Ctx context.Context }

func inField(ctx context.Context) *holder {
	return &holder{metadata.AppendToOutgoingContext(ctx, "a", "1")}
}

func inList(ctx context.Context) []context.Context {
	return []context.Context{metadata.AppendToOutgoingContext(ctx, "a", "1")}
}

func sentOn(ctx context.Context, c chan<- context.Context) {
	c <- metadata.AppendToOutgoingContext(ctx, "a", "1")
}

// second is given what has metadata already.
func second(ctx context.Context, c pb.OrderServiceClient) {
	ctx = metadata.AppendToOutgoingContext(ctx, "a", "1")
	plain(ctx)
	_, _ = c.GetOrder(ctx, nil)
}

func byLiteral(ctx context.Context, token string) {
	func() context.Context { return withToken(ctx, token) }() // want `in the context that withToken returns`
	func() context.Context { return counted(ctx) }()
}

// byMaker is given what a function of this package has made.
func byMaker(ctx context.Context, c pb.OrderServiceClient) {
	ctx = withToken(ctx, "x")
	plain(ctx)
	_, _ = c.GetOrder(ctx, nil)
}
