// Package uncheckedindex reads the headers of requests.
package uncheckedindex

import (
	"context"
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/metadata/uncheckedindex/header"
)

func get(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md.Get("authorization")[0] // want `a client that does not send "authorization" causes a panic: md.Get\(\.\.\.\)\[0\] is read unchecked \[metadata/unchecked-index\]`
}

func indexed(ctx context.Context) (string, error) {
	md, ok := metadata.FromIncomingContext(ctx)
	if !ok {
		return "", errors.New("no metadata")
	}
	return md["x-tenant"][0], nil // want `"x-tenant" causes a panic: md\["x-tenant"\]\[0\] is read unchecked`
}

func valueFrom(ctx context.Context) string {
	return metadata.ValueFromIncomingContext(ctx, "token")[0] // want `"token" causes a panic`
}

func variable(ctx context.Context, key string) string {
	md, _ := metadata.FromIncomingContext(ctx)
	values := md.Get(key)
	return values[0] // want `does not send a header causes a panic: values\[0\]`
}

func interceptor(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		ctx = context.WithValue(ctx, "user", md["user"][0]) // want `"user" causes a panic`
	}
	return handler(ctx, req)
}

func otherKey(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	if len(md.Get("user")) == 0 {
		return ""
	}
	return md.Get("tenant")[0] // want `"tenant" causes a panic`
}

func onOneWay(ctx context.Context, strict bool) string {
	values := metadata.ValueFromIncomingContext(ctx, "token")
	if strict {
		if len(values) == 0 {
			return ""
		}
	}
	return values[0] // want `"token" causes a panic`
}

func tooFew(ctx context.Context) bool {
	values := metadata.ValueFromIncomingContext(ctx, "token")
	if len(values) > 1 {
		return false
	}
	return values[0] == "x" // want `"token" causes a panic`
}

func inLiteral(ctx context.Context) func() string {
	md, _ := metadata.FromIncomingContext(ctx)
	return func() string { return md.Get("token")[0] } // want `"token" causes a panic`
}

func inHelper(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	return helper(md) + Exported(md.Get("tenant"))
}

func helper(md metadata.MD) string { return md.Get("token")[0] } // want `"token" causes a panic`

// Exported is called with a header, unchecked.
func Exported(values []string) string { return values[0] } // want `a header causes a panic`

func elsewhere(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	a := header.First(md.Get("a"))             // want `"a" causes a panic: header.First reads it unchecked`
	b := header.Token(md)                      // want `causes a panic: header.Token reads it unchecked`
	c := header.Values(ctx, "c")[0]            // want `causes a panic`
	d := header.Incoming(ctx).Get("d")[0]      // want `"d" causes a panic`
	e := header.First(header.Values(ctx, "e")) // want `causes a panic: header.First`
	return a + b + c + d + e
}

func otherOK(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	tokens, ok := md["token"]
	if !ok {
		tokens = md["authorization"]
		_, ok = md["user"]
	}
	if !ok {
		return ""
	}
	return tokens[0] // want `a header causes a panic: tokens\[0\]`
}

// What follows is right, or not known to be wrong.

func length(ctx context.Context) string {
	values := metadata.ValueFromIncomingContext(ctx, "token")
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func lengthTwice(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	if len(md.Get("token")) > 0 && md.Get("token")[0] != "" {
		return md.Get("token")[0]
	}
	return ""
}

func commaOk(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	if values, ok := md["token"]; ok {
		return values[0]
	}
	if _, ok := md["user"]; !ok {
		return ""
	}
	return md["user"][0]
}

func exactly(ctx context.Context) string {
	values := metadata.ValueFromIncomingContext(ctx, "token")
	if len(values) != 1 {
		return ""
	}
	return values[0]
}

func bySwitch(ctx context.Context) string {
	values := metadata.ValueFromIncomingContext(ctx, "token")
	switch len(values) {
	case 0:
		return ""
	case 1:
		return values[0]
	default:
		return values[1]
	}
}

func stored(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	has := md != nil && len(md["token"]) > 0
	if !has {
		return ""
	}
	return md["token"][0]
}

func notNil(ctx context.Context) string {
	if values := metadata.ValueFromIncomingContext(ctx, "token"); values != nil {
		return values[0]
	}
	return ""
}

func loop(ctx context.Context) (all string) {
	for _, v := range metadata.ValueFromIncomingContext(ctx, "token") {
		all += v
	}
	values := metadata.ValueFromIncomingContext(ctx, "user")
	for i := range values {
		all += values[i]
	}
	return all
}

func checkedByHelper(ctx context.Context) (string, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	if err := check(md); err != nil {
		return "", err
	}
	if !header.Has(md, "user") {
		return "", errors.New("no user")
	}
	return md.Get("token")[0] + md.Get("user")[0], nil
}

func check(md metadata.MD) error {
	if len(md.Get("token")) == 0 {
		return errors.New("no token")
	}
	return nil
}

func required(ctx context.Context) string {
	values, err := header.Required(ctx, "token")
	if err != nil {
		return ""
	}
	return values[0] + header.FirstOrEmpty(header.Values(ctx, "user"))
}

func authority(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md.Get(":authority")[0]
}

func setBefore(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	if len(md.Get("id")) == 0 {
		md.Set("id", "none")
	}
	return md.Get("id")[0]
}

func reply(s grpc.ClientStream) string { return s.Trailer().Get("server")[0] }

func unknown(md metadata.MD, values []string) string { return md.Get("token")[0] + values[0] }

func eitherKey(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	tokens, ok := md["token"]
	if !ok {
		tokens, ok = md["authorization"]
	}
	if !ok {
		return ""
	}
	return tokens[0]
}

// The keys of a loop are there.
func ranged(ctx context.Context) map[string]string {
	md, _ := metadata.FromIncomingContext(ctx)
	all := make(map[string]string)
	for k := range md {
		all[k] = md.Get(k)[0] + md[k][0]
	}
	for k, values := range md {
		all[k] += values[0]
	}
	return all
}

func rangedOther(ctx context.Context, other metadata.MD) string {
	md, _ := metadata.FromIncomingContext(ctx)
	for k := range other {
		return md.Get(k)[0] // want `a header causes a panic`
	}
	return ""
}

// Control comes to the second only if there was something for the first.
func twice(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	token := md.Get("token")[0] // want `"token" causes a panic`
	token += md.Get("token")[0]
	return token + md["token"][0]
}

func eachOnItsWay(ctx context.Context, first bool) string {
	md, _ := metadata.FromIncomingContext(ctx)
	if first {
		return md.Get("token")[0] // want `"token" causes a panic`
	}
	return md.Get("token")[0] // want `"token" causes a panic`
}

func checkedBefore(ctx context.Context) (string, error) {
	if err := checkContext(ctx); err != nil {
		return "", err
	}
	md, _ := metadata.FromIncomingContext(ctx)
	return md.Get("token")[0] + metadata.ValueFromIncomingContext(ctx, "token")[0], nil
}

func checkContext(ctx context.Context) error {
	md, _ := metadata.FromIncomingContext(ctx)
	return check(md)
}

func notCheckedBefore(ctx context.Context) (string, error) {
	if err := ctx.Err(); err != nil || !alive(ctx) {
		return "", err
	}
	return metadata.ValueFromIncomingContext(ctx, "token")[0], nil // want `"token" causes a panic`
}

func alive(ctx context.Context) bool { return ctx.Err() == nil }
