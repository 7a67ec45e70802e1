// Package dropped adds metadata to contexts.
package dropped

import (
	"context"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

func statement(ctx context.Context, c pb.OrderServiceClient) {
	metadata.AppendToOutgoingContext(ctx, "a", "1") // want `the metadata is never sent: it is in the context that metadata.AppendToOutgoingContext returns, and that is dropped \[metadata/dropped\]`
	_, _ = c.GetOrder(ctx, nil)
}

func blank(ctx context.Context, c pb.OrderServiceClient) {
	_ = metadata.NewOutgoingContext(ctx, metadata.Pairs("a", "1")) // want `metadata.NewOutgoingContext returns`
	_, _ = c.GetOrder(ctx, nil)
}

func inBranch(ctx context.Context, tenant string) {
	if tenant != "" {
		(metadata.AppendToOutgoingContext(ctx, "x-tenant", tenant)) // want `dropped`
	}
}

func inLoop(ctx context.Context, keys map[string]string) {
	for k, v := range keys {
		metadata.AppendToOutgoingContext(ctx, k, v) // want `dropped`
	}
}

func incoming(ctx context.Context, md metadata.MD) {
	_, _ = 1, metadata.NewIncomingContext(ctx, md) // want `metadata.NewIncomingContext returns`
}

// What follows is right.

func assigned(ctx context.Context, c pb.OrderServiceClient) {
	ctx = metadata.AppendToOutgoingContext(ctx, "a", "1")
	_, _ = c.GetOrder(ctx, nil)
}

func passed(ctx context.Context, c pb.OrderServiceClient) {
	_, _ = c.GetOrder(metadata.AppendToOutgoingContext(ctx, "a", "1"), nil)
}

func returned(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "a", "1")
}

type request struct{ ctx context.Context }

func kept(r *request) { r.ctx = metadata.AppendToOutgoingContext(r.ctx, "a", "1") }

func changed(md metadata.MD) {
	md.Set("a", "1")
	md.Append("a", "2")
}

func read(ctx context.Context) {
	_, _ = metadata.FromIncomingContext(ctx)
}

func AppendToOutgoingContext(ctx context.Context, kv ...string) {}

func own(ctx context.Context) { AppendToOutgoingContext(ctx, "a", "1") }

// withToken only adds the token.
func withToken(ctx context.Context, token string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
}

func withBoth(ctx context.Context) context.Context {
	ctx = metadata.AppendToOutgoingContext(ctx, "a", "b")
	return withToken(ctx, "x")
}

func byHelper(ctx context.Context, token string) {
	withToken(ctx, token) // want `the metadata is never sent: it is in the context that withToken returns, and that is dropped`
	_ = withBoth(ctx)     // want `in the context that withBoth returns`
}

var calls int

// counted does something else, too.
func counted(ctx context.Context) context.Context {
	calls++
	return metadata.AppendToOutgoingContext(ctx, "n", "1")
}

// plain adds nothing.
func plain(ctx context.Context) context.Context { return ctx }

func forOthers(ctx context.Context) {
	counted(ctx)
	plain(ctx)
}
