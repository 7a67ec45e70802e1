// Package generic reads the tokens of all requests in an interceptor.
package generic

import (
	"context"
	"sync"

	"google.golang.org/grpc"
)

// Once answers repeated requests with the first reply.
func Once() grpc.UnaryServerInterceptor {
	var replies sync.Map
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		keyed, ok := req.(interface{ GetRequestId() string })
		if !ok || keyed.GetRequestId() == "" {
			return next(ctx, req)
		}
		if reply, ok := replies.Load(info.FullMethod + keyed.GetRequestId()); ok {
			return reply, nil
		}
		reply, err := next(ctx, req)
		if err == nil {
			replies.Store(info.FullMethod+keyed.GetRequestId(), reply)
		}
		return reply, err
	}
}
