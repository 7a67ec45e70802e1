// Package oddpairs puts metadata together from strings.
package oddpairs

import (
	"context"

	md "google.golang.org/grpc/metadata"
)

func odd() md.MD { return md.Pairs("a", "1", "b") } // want `panics at every call: metadata.Pairs gets 3 strings, the last of which is a key without a value \[metadata/odd-pairs\]`

func one(key string) md.MD { return md.Pairs(key) } // want `gets 1 string`

func appended(ctx context.Context) context.Context {
	return md.AppendToOutgoingContext(ctx, "a", "1", "b") // want `metadata.AppendToOutgoingContext gets 3 strings`
}

func overSeveralLines(ctx context.Context, token string) context.Context {
	ctx = md.AppendToOutgoingContext(ctx,
		"authorization", token,
		"x-source", // want `gets 3 strings`
	)
	return ctx
}

func joined() md.MD {
	return md.Join(md.Pairs("a", "1"), md.Pairs("b")) // want `gets 1 string`
}

// What follows is right.

func even() md.MD { return md.Pairs("a", "1", "b", "2") }

func none() md.MD { return md.Pairs() }

func same(ctx context.Context) context.Context { return md.AppendToOutgoingContext(ctx) }

func spread(kv []string) md.MD { return md.Pairs(kv...) }

func spreadOutgoing(ctx context.Context, kv ...string) context.Context {
	return md.AppendToOutgoingContext(ctx, kv...)
}

type builder struct{}

func (builder) Pairs(kv ...string) {}

func other(b builder) { b.Pairs("a") }

func set(m md.MD) { m.Append("a", "1", "2") }

func fresh() md.MD { return md.New(map[string]string{"a": "1"}) }
