// Package plain tries again whatever it is handed, and knows nothing of gRPC.
package plain

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// Retries is set by a flag.
var Retries uint

// Value calls f again after longer and longer waits, Retries times at most.
func Value[T any](ctx context.Context, f func() (T, error)) (res T, err error) {
	backoff := time.Second
	attempts := uint(0)
	for {
		res, err = f()
		if err == nil || attempts >= Retries {
			return res, err
		}
		attempts++
		select {
		case <-ctx.Done():
			return res, ctx.Err()
		case <-time.After(time.Duration(rand.Int64N(int64(backoff)))):
		}
		backoff *= 2
	}
}

// Stop ends the attempts.
type Stop struct{ Err error }

func (s Stop) Error() string { return s.Err.Error() }

// Func calls itself until there are no attempts left.
func Func(attempts int, sleep time.Duration, f func() error) error {
	if err := f(); err != nil {
		if stop, ok := err.(Stop); ok {
			return stop.Err
		}
		if attempts--; attempts > 0 {
			time.Sleep(sleep)
			return Func(attempts, 2*sleep, f)
		}
		return err
	}
	return nil
}

// Policy says how to try again.
type Policy struct{ Max int }

// ErrStop ends the attempts.
var ErrStop = errors.New("stop")

// Do tries again.
func (p *Policy) Do(ctx context.Context, f func(context.Context) error) error {
	for i := 0; i < p.Max; i++ {
		err := f(ctx)
		if err == nil {
			return nil
		}
		if errors.Is(err, ErrStop) {
			return err
		}
		time.Sleep(time.Second)
	}
	return errors.New("too many attempts")
}

// While tries again as long as the predicate wants it.
func While(f func() error, again func(error) bool) error {
	var err error
	for range 5 {
		if err = f(); err == nil || again != nil && !again(err) {
			return err
		}
		time.Sleep(time.Second)
	}
	return err
}

// Each calls f for each item.
func Each(items []string, f func(string) error) error {
	for _, item := range items {
		if err := f(item); err != nil {
			return err
		}
	}
	return nil
}

// Once calls f and says how long it took.
func Once(f func() error) error {
	start := time.Now()
	err := f()
	_ = time.Since(start)
	return err
}

// A Pool hands out one of several.
type Pool[T any] struct {
	all  []T
	next int
}

// With runs f with the next one.
func (p *Pool[T]) With(f func(T) error) error {
	p.next++
	return f(p.all[p.next%len(p.all)])
}
