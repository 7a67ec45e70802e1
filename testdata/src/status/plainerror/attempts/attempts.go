// Package attempts runs what it gets. It knows nothing of gRPC.
package attempts

import (
	"context"
	"errors"
	"time"
)

// Do runs f until it succeeds.
func Do(ctx context.Context, f func(context.Context) error) error {
	var err error
	for range 3 {
		attempt, cancel := context.WithTimeout(ctx, time.Second)
		err = f(attempt)
		cancel()
		if err == nil {
			return nil
		}
	}
	return err
}

// Get is Do for functions that return something.
func Get[T any](f func() (T, error)) (T, error) {
	v, err := f()
	if err != nil {
		var zero T
		return zero, err
	}
	return v, nil
}

// Nested hands f on.
func Nested(ctx context.Context, f func() error) error {
	return Do(ctx, func(context.Context) error { return f() })
}

// Hidden returns an error of its own.
func Hidden(f func() error) error {
	if f() != nil {
		return errHidden
	}
	return nil
}

var errHidden = errors.New("hidden")
