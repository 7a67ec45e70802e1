package rpc

import (
	"context"
	"time"

	"google.golang.org/grpc"
)

// Deadlines gives a deadline to calls that have none.
type Deadlines struct {
	Default time.Duration
}

// Unary is a grpc.UnaryClientInterceptor.
func (d Deadlines) Unary(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d.Default)
		defer cancel()
	}
	return invoke(ctx, method, req, reply, cc, opts...)
}
