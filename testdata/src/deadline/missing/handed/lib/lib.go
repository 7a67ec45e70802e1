// Package lib runs what it gets. It knows nothing of gRPC.
package lib

import (
	"context"
	"time"
)

// Until runs f again and again.
func Until(ctx context.Context, f func(context.Context)) {
	for ctx.Err() == nil {
		f(ctx)
		time.Sleep(time.Second)
	}
}

// UntilQuiet is Until by way of a function without a context.
func UntilQuiet(ctx context.Context, f func(context.Context)) {
	forever(func() { f(ctx) }, ctx.Done())
}

func forever(f func(), stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
			f()
		}
	}
}

// Within gives f a second.
func Within(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return f(ctx)
}

// Values gives f a context with a value, Alone one of its own.
func Values(ctx context.Context, f func(context.Context) error) error {
	return f(context.WithValue(ctx, key{}, 1))
}

type key struct{}

func Alone(f func(context.Context) error) error { return f(context.Background()) }

// Maybe may give f a deadline.
func Maybe(ctx context.Context, d time.Duration, f func(context.Context) error) error {
	if d > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d)
		defer cancel()
	}
	return f(ctx)
}

// All runs all of them.
func All(ctx context.Context, fs ...func(context.Context) error) error {
	for _, f := range fs {
		if err := f(ctx); err != nil {
			return err
		}
	}
	return nil
}
