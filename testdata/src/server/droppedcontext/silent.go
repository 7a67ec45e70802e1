package droppedcontext

import (
	"context"
	"log"
	"log/slog"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/server/droppedcontext/user"
	"example.com/testdata/stubs/orderpb"
)

// What follows is right, or not known to be wrong.

func passes(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	ctx = context.WithValue(ctx, key{}, info.FullMethod)
	return handler(ctx, req)
}

func passesOnOneWay(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if info.FullMethod != "" {
		return handler(user.With(ctx, "a"), req)
	}
	return handler(ctx, req)
}

func chosen(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if info.FullMethod != "" {
		ctx = user.With(ctx, "a")
	}
	return handler(ctx, req)
}

func asks(client orderpb.OrderServiceClient) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		asked := context.WithValue(ctx, key{}, "asks")
		if _, err := client.GetOrder(asked, &orderpb.GetOrderRequest{}); err != nil {
			return nil, err
		}
		return handler(ctx, req)
	}
}

func bounded(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	log.Println(short.Err())
	return handler(ctx, req)
}

func checks(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if _, err := user.Check(ctx, "token"); err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

func after(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	reply, err := handler(ctx, req)
	log.Println(user.With(ctx, "a").Value(key{}), err)
	return reply, err
}

// A call of metadata/dropped's.
func dropsMetadata(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	metadata.NewIncomingContext(ctx, metadata.MD{}) // want `metadata/dropped`
	return handler(ctx, req)
}

func twoSteps(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	known := user.With(ctx, "a")
	named := context.WithValue(known, key{}, "b")
	return handler(named, req)
}

func notes(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	ctx = metadata.NewIncomingContext(ctx, metadata.MD{})
	defer func() { log.Println(user.Of(ctx)) }()
	return handler(ctx, req)
}

type wrapped struct {
	grpc.ServerStream
	ctx context.Context
}

func (w wrapped) Context() context.Context { return w.ctx }

func streams(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	return handler(srv, wrapped{ss, user.With(ss.Context(), "a")})
}

func forLogs(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	logged := context.WithValue(ctx, key{}, info.FullMethod)
	slog.InfoContext(logged, "begins")
	return handler(ctx, req)
}

func toOthers(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	known := user.With(ctx, "a")
	return user.Next(handler, req, known)
}

func othersMake(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if known := user.With(ctx, "a"); known.Err() != nil {
		return nil, known.Err()
	}
	return user.NextAs(handler, req, ctx)
}
