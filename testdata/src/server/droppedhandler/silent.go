package droppedhandler

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"

	"example.com/testdata/server/droppedhandler/next"
	"example.com/testdata/stubs/orderpb"
)

// What follows is right, or not known to be wrong.

func refuses(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if ctx.Err() != nil {
		return nil, errors.New("no")
	}
	return handler(ctx, req)
}

func answersItself(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if _, ok := req.(*orderpb.GetOrderRequest); ok {
		return &orderpb.Order{}, nil
	}
	return handler(ctx, req)
}

func dropsReply(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if _, err := handler(ctx, req); err != nil {
		return nil, err
	}
	return nil, nil
}

func handsOn(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if reply, err := next.Call(ctx, req, handler); err == nil {
		return reply, nil
	}
	return nil, nil
}

func later(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	go func() { _, _ = handler(context.WithoutCancel(ctx), req) }()
	return nil, nil
}

func proxies(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if srv == nil {
		if err := ss.SendMsg(&orderpb.Order{}); err != nil {
			return err
		}
		return nil
	}
	return handler(srv, ss)
}

func cached(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	if order, ok := reply.(*orderpb.Order); ok && method != "" {
		order.Name = "cached"
		return nil
	}
	return invoker(ctx, method, req, reply, cc, opts...)
}

func noInterceptor(ctx context.Context, req any, handler func(context.Context, any) (any, error)) (any, error) {
	if req == nil {
		return nil, io.EOF
	}
	return nil, nil
}

func wraps(handler grpc.StreamHandler) grpc.StreamHandler {
	return func(srv any, ss grpc.ServerStream) error { return handler(srv, ss) }
}

func fails(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (reply any, err error) {
	defer func() {
		if reply == nil && err == nil {
			err = io.EOF
		}
	}()
	if req == nil {
		return nil, nil
	}
	return handler(ctx, req)
}
