// Package user puts users into contexts.
package user

import (
	"context"

	"google.golang.org/grpc"
)

type key struct{}

// With returns a context with a user.
func With(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, key{}, name)
}

// Of returns the user of a context.
func Of(ctx context.Context) string {
	name, _ := ctx.Value(key{}).(string)
	return name
}

// Check returns a context with a user, or an error.
func Check(ctx context.Context, token string) (context.Context, error) {
	if token == "" {
		return nil, context.Canceled
	}
	return With(ctx, token), nil
}

// Method returns what is called.
func Method(ctx context.Context) string {
	method, _ := grpc.Method(ctx)
	return method
}

// Next calls the handler.
func Next(handler grpc.UnaryHandler, req any, ctx context.Context) (any, error) {
	return handler(ctx, req)
}

// NextAs calls the handler with a user.
func NextAs(handler grpc.UnaryHandler, req any, ctx context.Context) (any, error) {
	return handler(With(ctx, "a"), req)
}
