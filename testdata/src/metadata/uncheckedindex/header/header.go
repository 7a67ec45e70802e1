// Package header reads headers for others.
package header

import (
	"context"
	"errors"

	"google.golang.org/grpc/metadata"
)

// First returns the first of some values.
func First(values []string) string { return values[0] }

// FirstOrEmpty returns it if there is one.
func FirstOrEmpty(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// Token reads a header.
func Token(md metadata.MD) string { return md.Get("token")[0] }

// Values returns what the client has sent, maybe nothing.
func Values(ctx context.Context, key string) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md.Get(key)
}

// Required returns what the client has sent, at least one value.
func Required(ctx context.Context, key string) ([]string, error) {
	values := metadata.ValueFromIncomingContext(ctx, key)
	if len(values) == 0 {
		return nil, errors.New("missing " + key)
	}
	return values, nil
}

// Has looks for a key.
func Has(md metadata.MD, key string) bool { return len(md.Get(key)) > 0 }

// Incoming returns what the client has sent.
func Incoming(ctx context.Context) metadata.MD {
	md, _ := metadata.FromIncomingContext(ctx)
	return md
}

// Tokens are those that the client has sent, maybe none.
func Tokens(md metadata.MD) []string { return md.Get("token") }

// Of returns the values of a key, maybe none.
func Of(md metadata.MD, key string) []string { return md.Get(key) }

// TokensOr returns at least one value.
func TokensOr(md metadata.MD) []string {
	tokens := md.Get("token")
	if len(tokens) == 0 {
		return []string{""}
	}
	return tokens
}
