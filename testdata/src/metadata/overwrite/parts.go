package overwrite

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/metadata/overwrite/headers"
)

// parts are those of a context.
type parts struct {
	ctx context.Context
	md  metadata.MD
}

func (p parts) whole() context.Context {
	return metadata.NewOutgoingContext(p.ctx, p.md) // want `whatever metadata the context has is lost`
}

func ofParts(tenant string) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		md := metadata.MD{}
		md.Set("tenant", tenant)
		return invoker(parts{ctx, md}.whole(), method, req, reply, cc, opts...)
	}
}

func inLiteral(tenant string) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		md := metadata.MD{}
		md.Set("tenant", tenant)
		with := func() context.Context { return metadata.NewOutgoingContext(ctx, md) } // want `whatever metadata the context has is lost`
		return invoker(with(), method, req, reply, cc, opts...)
	}
}

// Silent.

// injectedInLiteral: who knows what the propagator puts in.
func injectedInLiteral(ctx context.Context, p propagator) context.Context {
	md := metadata.Pairs("tenant", "a")
	inject := func() { p.Inject(ctx, carrier{md}) }
	inject()
	return metadata.NewOutgoingContext(ctx, md)
}

// joinedInParts hands over what the context had.
func joinedInParts() grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		had, _ := metadata.FromOutgoingContext(ctx)
		return invoker(mixed{ctx, had}.whole(), method, req, reply, cc, opts...)
	}
}

type mixed struct {
	ctx context.Context
	md  metadata.MD
}

func (m mixed) whole() context.Context { return metadata.NewOutgoingContext(m.ctx, m.md) }

// sentElsewhere and mergedElsewhere differ in what the helper does.
func sentElsewhere() grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		ctx = headers.Send(ctx, metadata.Pairs("tenant", "a")) // want `whatever metadata the context has is lost`
		return invoker(ctx, method, req, reply, cc, opts...)
	}
}

func mergedElsewhere() grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		return invoker(headers.Merge(ctx, metadata.Pairs("tenant", "a")), method, req, reply, cc, opts...)
	}
}
