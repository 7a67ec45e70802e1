package unaryonlyauth

import (
	"context"
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/testdata/server/unaryonlyauth/auth"
	"example.com/testdata/stubs/orderpb"
)

func logStream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	log.Print(info.FullMethod)
	return next(srv, ss)
}

// traced has a context of its own.
type traced struct {
	grpc.ServerStream
	ctx context.Context
}

func (t *traced) Context() context.Context { return t.ctx }

func traceStream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = status.Error(codes.Internal, "panic")
		}
	}()
	if info.IsClientStream {
		err = next(srv, ss)
	} else {
		err = next(srv, &traced{ss, ss.Context()})
	}
	return err
}

func streamsAreLogged() *grpc.Server {
	s := grpc.NewServer(
		grpc.UnaryInterceptor(check), // want `whoever connects can call WatchOrders: callers are checked in a unary interceptor, and it is a stream`
		grpc.ChainStreamInterceptor(logStream, traceStream, auth.LogStreams("in")),
	)
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

// allow is what others make interceptors of.
func allow(ctx context.Context) error {
	if len(metadata.ValueFromIncomingContext(ctx, "authorization")) == 0 {
		return status.Error(codes.Unauthenticated, "no token")
	}
	return nil
}

func madeOf(secret string) *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(auth.UnaryBy(func(ctx context.Context) error { // want `whoever connects can call WatchOrders`
		log.Print(secret)
		return allow(ctx)
	})))
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

// newServer is called with everything.
func newServer(register func(*grpc.Server) error, more []grpc.UnaryServerInterceptor) (*grpc.Server, error) {
	unary := append([]grpc.UnaryServerInterceptor{auth.Log}, more...)
	streams := []grpc.StreamServerInterceptor{logStream}
	s := grpc.NewServer(
		grpc.ChainUnaryInterceptor(unary...), // want `whoever connects can call WatchOrders`
		grpc.ChainStreamInterceptor(streams...),
	)
	if err := register(s); err != nil { // related `registered here`
		return nil, err
	}
	return s, nil
}

func callsBack() (*grpc.Server, error) {
	return newServer(func(s *grpc.Server) error {
		orderpb.RegisterOrderServiceServer(s, orders{})
		return nil
	}, []grpc.UnaryServerInterceptor{auth.UnaryBy(allow)})
}

// Silent.

type guarded struct{ traced }

func (g *guarded) RecvMsg(m any) error {
	if err := allow(g.ctx); err != nil {
		return err
	}
	return g.ServerStream.RecvMsg(m)
}

func guardStream(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	return next(srv, &guarded{traced{ss, ss.Context()}})
}

func refusesWhenReceiving() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(check), grpc.StreamInterceptor(guardStream))
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

func mayRefuse() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(check), grpc.ChainStreamInterceptor(logStream, auth.SomeStreams))
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

// withMore is called with what checks and with what does not.
func withMore(more grpc.UnaryServerInterceptor, streams grpc.StreamServerInterceptor) *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(more), grpc.StreamInterceptor(streams))
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

func two() []*grpc.Server {
	return []*grpc.Server{withMore(check, auth.Stream), withMore(auth.Log, logStream)}
}

// WithStreams is for others, too.
func WithStreams(streams grpc.StreamServerInterceptor) *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(check), grpc.StreamInterceptor(streams))
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

func logsOnly() *grpc.Server { return WithStreams(logStream) }

func byOption() *grpc.Server {
	s := grpc.NewServer(auth.Option()) // want `whoever connects can call WatchOrders`
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}
