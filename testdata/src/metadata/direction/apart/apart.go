// Package apart knows metadata and nothing else of gRPC.
package apart

import (
	"context"

	"google.golang.org/grpc/metadata"
)

// Tenant returns whose request it is.
func Tenant(ctx context.Context) (string, context.Context) {
	values := metadata.ValueFromIncomingContext(ctx, "x-tenant")
	if len(values) == 0 {
		return "", ctx
	}
	return values[0], ctx
}

// Known is as if a client had said who it is.
func Known() bool {
	ctx := metadata.NewIncomingContext(context.Background(), metadata.Pairs("x-tenant", "a"))
	name, again := Tenant(ctx)
	return name != "" && again == ctx
}
