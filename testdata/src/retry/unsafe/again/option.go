package again

import (
	"context"
	"time"
)

// An Option changes how Options tries again.
type Option func(*config)

type config struct{ retryable func(error) bool }

// Only sets the predicate.
func Only(retryable func(error) bool) Option { return func(c *config) { c.retryable = retryable } }

// Options tries again after any error unless it is told otherwise.
func Options(ctx context.Context, f func(context.Context) error, options ...Option) error {
	c := config{retryable: func(error) bool { return true }}
	for _, o := range options {
		o(&c)
	}
	var err error
	for range 3 {
		if err = f(ctx); err == nil || !c.retryable(err) {
			return err
		}
		time.Sleep(time.Second)
	}
	return err
}
