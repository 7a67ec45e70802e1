// Package invalid sends keys and values that headers cannot have.
package invalid

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

func space(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "x id", "1") // want `every RPC with it fails with INTERNAL: the key "x id" has characters other than letters, digits, '-', '_' and '.' \[metadata/invalid\]`
}

func colon(ctx context.Context) context.Context {
	md, _ := metadata.FromOutgoingContext(ctx)
	return metadata.NewOutgoingContext(ctx, metadata.Join(md, metadata.Pairs("x:id", "1"))) // want `the key "x:id"`
}

func umlaut(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "x-shop", "München") // want `the value of "x-shop" is not printable ASCII, which only keys with "-bin" may have`
}

func newline(ctx context.Context) error {
	return grpc.SendHeader(ctx, metadata.New(map[string]string{"x-lines": "a\nb"})) // want `the client gets INTERNAL instead of the reply: the value of "x-lines"`
}

func empty(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "", "1") // want `fails with INTERNAL: the key is empty`
}

func set(ctx context.Context) error {
	md := metadata.MD{}
	md.Set("x-a", "plain", "tab\t") // want `the value of "x-a"`
	md["x-b"] = []string{"a\r\n"}   // want `the value of "x-b"`
	md["x/c"] = []string{"1"}       // want `the key "x/c"`
	return grpc.SetHeader(ctx, md)
}

func streamHeader(s grpc.ServerStream) error {
	return s.SendHeader(metadata.Pairs("x-shop", "München")) // want `the client never gets it, sending it fails: the value of "x-shop"`
}

// What follows is right, or not seen to be sent.

// Nobody looks at the bytes of such a header, so it arrives.
func umlautHeader(ctx context.Context) error {
	return grpc.SetHeader(ctx, metadata.Pairs("x-shop", "München"))
}

func binary(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "x-shop-bin", "München")
}

func upper(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "X-Shop.Name_1", "Munich")
}

func variable(ctx context.Context, shop string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "x-shop", shop)
}

func notSent() metadata.MD { return metadata.Pairs("x id", "1") }

func incoming(ctx context.Context) context.Context {
	return metadata.NewIncomingContext(ctx, metadata.Pairs("x id", "é"))
}

func lookup(md metadata.MD) []string { return md.Get("x id") }

func spread(ctx context.Context, kv []string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, kv...)
}

func plain(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "x-text", "~ printable ASCII, with \"quotes\"", "x-empty", "")
}

func remove(md metadata.MD) { md.Delete("x id") }
