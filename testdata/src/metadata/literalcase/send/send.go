// Package send sends metadata and hands it out.
package send

import (
	"context"

	"google.golang.org/grpc/metadata"
)

// With adds metadata to the RPCs made with a context.
func With(ctx context.Context, md metadata.MD) context.Context {
	old, _ := metadata.FromOutgoingContext(ctx)
	return metadata.NewOutgoingContext(ctx, metadata.Join(old, md))
}

// Headers are what every RPC sends. Nothing here sends them.
func Headers(id string) metadata.MD { return metadata.MD{"X-Id": {id}} } // related `written here`

// Keep keeps metadata.
func Keep(md metadata.MD) { kept = append(kept, md) }

var kept []metadata.MD
