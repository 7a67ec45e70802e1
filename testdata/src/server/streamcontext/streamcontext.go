// Package streamcontext has interceptors of streams that make contexts.
package streamcontext

import (
	"context"
	"log"

	"google.golang.org/grpc"

	"example.com/testdata/server/droppedcontext/user"
)

type key struct{}

func logs(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx := context.WithValue(ss.Context(), key{}, info.FullMethod)
	log.Println(ctx.Value(key{}))
	return handler(srv, ss) // want `handlers do not get what context.WithValue puts into the context: the context of ss is another one \[server/stream-context\]`
}

func elsewhere(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx := user.With(ss.Context(), "a")
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return handler(srv, ss) // want `handlers do not get what user.With puts into the context`
}

// What follows is right, or not known to be wrong.

type wrapped struct {
	grpc.ServerStream
	ctx context.Context
}

func (w *wrapped) Context() context.Context { return w.ctx }

func wraps(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	return handler(srv, &wrapped{ss, user.With(ss.Context(), "a")})
}

func checks(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if _, err := user.Check(ss.Context(), "token"); err != nil {
		return err
	}
	return handler(srv, ss)
}

func reads(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	log.Println(user.Of(ss.Context()))
	return handler(srv, ss)
}
