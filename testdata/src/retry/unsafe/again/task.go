package again

import (
	"context"
	"time"
)

// A Task says what is to be done.
type Task struct {
	Attempts   int
	Before, Do func(ctx context.Context) error
}

// Finish does it until it succeeds.
func Finish(ctx context.Context, o *Task) error {
	if o.Before != nil {
		if err := o.Before(ctx); err != nil {
			return err
		}
	}
	var err error
	for range o.Attempts {
		if err = o.Do(ctx); err == nil {
			return nil
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}
