// Package next calls handlers for others.
package next

import (
	"context"

	"google.golang.org/grpc"
)

// Call calls it.
func Call(ctx context.Context, req any, handler grpc.UnaryHandler) (any, error) {
	return handler(ctx, req)
}
