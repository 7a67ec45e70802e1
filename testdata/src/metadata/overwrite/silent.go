package overwrite

import (
	"context"
	"net/http"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/metadata/overwrite/headers"
	pb "example.com/testdata/stubs/orderpb"
)

func appends(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "tenant", "a")
}

func merges(ctx context.Context) context.Context {
	md, ok := metadata.FromOutgoingContext(ctx)
	if !ok {
		md = metadata.New(nil)
	}
	md = md.Copy()
	md.Set("tenant", "a")
	return metadata.NewOutgoingContext(ctx, md)
}

func mergesByHand(ctx context.Context) context.Context {
	md := metadata.Pairs("tenant", "a")
	old, _ := metadata.FromOutgoingContext(ctx)
	for k, values := range old {
		md[k] = values
	}
	return metadata.NewOutgoingContext(ctx, md)
}

func joins(ctx context.Context) context.Context {
	return metadata.NewOutgoingContext(ctx, metadata.Join(headers.Outgoing(ctx), metadata.Pairs("tenant", "a")))
}

func looksFirst(ctx context.Context) context.Context {
	if _, ok := metadata.FromOutgoingContext(ctx); ok {
		return metadata.AppendToOutgoingContext(ctx, "tenant", "a")
	}
	return metadata.NewOutgoingContext(ctx, metadata.Pairs("tenant", "a"))
}

func background(c pb.OrderServiceClient) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	ctx = metadata.NewOutgoingContext(ctx, metadata.Pairs("tenant", "a"))
	_, _ = c.GetOrder(ctx, nil)
}

// clears sends nothing of what its callers have set, on purpose.
func clears(ctx context.Context) context.Context {
	return metadata.NewOutgoingContext(ctx, metadata.MD{})
}

// given sends what it is told to send: perhaps that was put together with
// what the context has.
func given(ctx context.Context, md metadata.MD) context.Context {
	return metadata.NewOutgoingContext(ctx, md)
}

type carrier struct{ md metadata.MD }

func (c carrier) Set(key, value string) { c.md.Set(key, value) }

type propagator interface {
	Inject(ctx context.Context, to interface{ Set(key, value string) })
}

// injected: who knows what the propagator puts in.
func injected(ctx context.Context, p propagator) context.Context {
	md := metadata.Pairs("tenant", "a")
	p.Inject(ctx, carrier{md})
	return metadata.NewOutgoingContext(ctx, md)
}

// request begins with the context of an HTTP request.
func request(r *http.Request) context.Context {
	return metadata.NewOutgoingContext(r.Context(), metadata.Pairs("tenant", r.Host))
}

type server struct {
	pb.UnimplementedOrderServiceServer
	other pb.OrderServiceClient
}

// The context of a handler has nothing to send yet.
func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	ctx = metadata.NewOutgoingContext(ctx, metadata.Pairs("tenant", "a"))
	return s.other.GetOrder(ctx, req)
}

func received(ctx context.Context) context.Context {
	return metadata.NewIncomingContext(ctx, metadata.Pairs("tenant", "a"))
}

// Every caller begins with a context of its own.
func first(ctx context.Context) context.Context {
	return metadata.NewOutgoingContext(ctx, metadata.Pairs("tenant", "a"))
}

func callsFirst(c pb.OrderServiceClient) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, _ = c.GetOrder(first(ctx), nil)
}

// The interceptor itself puts the context's metadata in.
func capturedAndJoined(md metadata.MD) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		md = metadata.Join(md, headers.Outgoing(ctx))
		return invoker(metadata.NewOutgoingContext(ctx, md), method, req, reply, cc, opts...)
	}
}

func capturedAndFilled(md metadata.MD, p propagator) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		p.Inject(ctx, carrier{md})
		return invoker(metadata.NewOutgoingContext(ctx, md), method, req, reply, cc, opts...)
	}
}

// Nobody knows what an option is made of.
func capturedByOption(md metadata.MD) func(context.Context) context.Context {
	return func(ctx context.Context) context.Context { return metadata.NewOutgoingContext(ctx, md) }
}
