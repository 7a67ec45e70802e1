// Package again tries again, for others, as they say.
package again

import (
	"context"
	"slices"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// If tries again while the predicate says so.
func If(ctx context.Context, attempts int, retryable func(error) bool, f func(context.Context) error) error {
	var err error
	for range attempts {
		if err = f(ctx); err == nil {
			return nil
		}
		if retryable != nil && !retryable(err) {
			return err
		}
		time.Sleep(time.Second)
	}
	return err
}

// Unless tries again unless the code is one of the denied.
func Unless(ctx context.Context, f func(context.Context) error, denied ...codes.Code) error {
	var err error
	for range 3 {
		if err = f(ctx); err == nil || slices.Contains(denied, status.Code(err)) {
			return err
		}
		time.Sleep(time.Second)
	}
	return err
}

// On tries again after some codes.
func On(ctx context.Context, list []codes.Code, f func(context.Context) error) error {
	return If(ctx, 3, func(err error) bool { return slices.Contains(list, status.Code(err)) }, f)
}

// Through hands all on.
func Through(ctx context.Context, retryable func(error) bool, f func(context.Context) error) error {
	return If(ctx, 5, retryable, f)
}

// Code returns the code of an error.
func Code(err error) codes.Code { return status.Code(err) }
