// Package forward sends metadata on.
package forward

import (
	"context"

	"google.golang.org/grpc/metadata"
)

// Incoming returns what the client has sent.
func Incoming(ctx context.Context) metadata.MD {
	md, _ := metadata.FromIncomingContext(ctx)
	return md
}

// With sends metadata with the RPCs of a context.
func With(ctx context.Context, md metadata.MD) context.Context {
	old, _ := metadata.FromOutgoingContext(ctx)
	return metadata.NewOutgoingContext(ctx, metadata.Join(old, md))
}

// Only returns those of the keys that are harmless.
func Only(md metadata.MD, keys ...string) metadata.MD {
	some := metadata.MD{}
	for _, key := range keys {
		if values := md.Get(key); len(values) > 0 {
			some.Set(key, values...)
		}
	}
	return some
}

// Copy returns all of it.
func Copy(md metadata.MD) metadata.MD { return md.Copy() }

// Strip leaves the credentials out.
func Strip(md metadata.MD) metadata.MD {
	rest := md.Copy()
	rest.Delete("authorization")
	return rest
}
