// Package headers makes metadata and adds it to contexts.
package headers

import (
	"context"

	"google.golang.org/grpc/metadata"
)

// Tenant returns the metadata that names a tenant.
func Tenant(id string) metadata.MD { return metadata.Pairs("tenant", id) }

// Outgoing returns what a context sends.
func Outgoing(ctx context.Context) metadata.MD {
	md, _ := metadata.FromOutgoingContext(ctx)
	return md
}

// With adds to what a context sends.
func With(ctx context.Context, key, value string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, key, value)
}

// Send sends md, and nothing else.
func Send(ctx context.Context, md metadata.MD) context.Context {
	return metadata.NewOutgoingContext(ctx, md)
}

// Merge keeps what the context sends.
func Merge(ctx context.Context, md metadata.MD) context.Context {
	had, _ := metadata.FromOutgoingContext(ctx)
	return metadata.NewOutgoingContext(ctx, metadata.Join(had, md))
}
