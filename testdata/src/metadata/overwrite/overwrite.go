// Package overwrite adds metadata to contexts that may have some.
package overwrite

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/metadata/overwrite/headers"
	pb "example.com/testdata/stubs/orderpb"
)

func interceptor(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	ctx = metadata.NewOutgoingContext(ctx, metadata.Pairs("tenant", "a")) // want `whatever metadata the context has is lost: NewOutgoingContext replaces it and adds nothing to it \[metadata/overwrite\]`
	return invoker(ctx, method, req, reply, cc, opts...)
}

func streamInterceptor(tenant string) grpc.StreamClientInterceptor {
	return func(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, method string, streamer grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
		md := metadata.MD{}
		md.Set("tenant", tenant)
		return streamer(metadata.NewOutgoingContext(ctx, md), desc, cc, method, opts...) // want `the context has is lost`
	}
}

// The token of a user, added where it is known, drops the trace.
func withToken(ctx context.Context) context.Context {
	token, ok := ctx.Value(tokenKey{}).(string)
	if ok {
		sent := metadata.New(map[string]string{
			"bearer.token": token,
		})
		return metadata.NewOutgoingContext(ctx, sent) // want info `the context has is lost`
	}
	return ctx
}

type tokenKey struct{}

// builder makes the context of an RPC of what its options fill in.
type builder struct {
	Timeout time.Duration
	Parent  context.Context
	Headers metadata.MD
}

func (b *builder) Build() (context.Context, context.CancelFunc) {
	ctx := b.Parent
	if ctx == nil {
		ctx = context.Background()
	}
	if b.Headers != nil {
		ctx = metadata.NewOutgoingContext(ctx, b.Headers) // want info `the context has is lost`
	}
	if b.Timeout != 0 {
		return context.WithTimeout(ctx, b.Timeout)
	}
	return ctx, nil
}

func withHeaders(headers metadata.MD) func(b *builder) {
	return func(b *builder) { b.Headers = headers }
}

func newContext(ctx context.Context, options ...func(*builder)) (context.Context, context.CancelFunc) {
	b := &builder{Parent: ctx}
	for _, option := range options {
		option(b)
	}
	return b.Build()
}

func fromHelper(ctx context.Context, id string) context.Context {
	return metadata.NewOutgoingContext(ctx, headers.Tenant(id)) // want info `the context has is lost`
}

func twice(c pb.OrderServiceClient) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	ctx = metadata.AppendToOutgoingContext(ctx, "trace", "1")
	ctx = metadata.NewOutgoingContext(ctx, metadata.Pairs("tenant", "a")) // want `metadata that the context got before is lost`
	_, _ = c.GetOrder(ctx, nil)
}

func twiceByHelper(c pb.OrderServiceClient) {
	ctx := headers.With(context.Background(), "trace", "1")
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, _ = c.GetOrder(metadata.NewOutgoingContext(ctx, metadata.Pairs("tenant", "a")), nil) // want `got before is lost`
}

func tenantOf(ctx context.Context) metadata.MD {
	tenant, _ := ctx.Value(tokenKey{}).(string)
	return metadata.Pairs("tenant", tenant)
}

func joined(ctx context.Context) context.Context {
	return metadata.NewOutgoingContext(ctx, metadata.Join(tenantOf(ctx), metadata.Pairs("a", "1"))) // want info `the context has is lost`
}

// Nobody is known to have set anything: worth a note.
func called(ctx context.Context, c pb.OrderServiceClient) {
	ctx = metadata.NewOutgoingContext(ctx, metadata.Pairs("tenant", "a")) // want info `the context has is lost`
	_, _ = c.GetOrder(ctx, nil)
}

// What was there before the RPC holds nothing of its context.

func captured(md metadata.MD) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		ctx = metadata.NewOutgoingContext(ctx, md) // want `the context has is lost`
		return invoker(ctx, method, req, reply, cc, opts...)
	}
}

var common = metadata.Pairs("tenant", "a")

type credentials struct{ md metadata.MD }

func newCredentials(ctx context.Context, md metadata.MD) *credentials { return &credentials{md: md} }

func (c *credentials) stream(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, method string, streamer grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	if c == nil {
		return streamer(metadata.NewOutgoingContext(ctx, common), desc, cc, method, opts...) // want `the context has is lost`
	}
	return streamer(metadata.NewOutgoingContext(ctx, c.md), desc, cc, method, opts...) // want `the context has is lost`
}

// One caller gives it a context with metadata.

func withTenant(ctx context.Context) context.Context {
	return metadata.NewOutgoingContext(ctx, metadata.Pairs("tenant", "a")) // want `metadata that the context got before is lost`
}

func callsWithTenant(ctx context.Context, c pb.OrderServiceClient) {
	traced := metadata.AppendToOutgoingContext(ctx, "trace", "1")
	_, _ = c.GetOrder(withTenant(traced), nil)
	_, _ = c.GetOrder(withTenant(ctx), nil)
}
