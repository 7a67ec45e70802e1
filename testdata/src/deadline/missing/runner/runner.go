// Package runner makes the context and calls an interface that packages
// above implement.
package runner

import (
	"context"
	"time"

	_ "google.golang.org/grpc"
)

// A Command does something.
type Command interface {
	Run(ctx context.Context) error
}

// Run gives the command no deadline.
func Run(c Command) error {
	return c.Run(context.Background()) // related "context.Background\\(\\) is made here"
}

// A Task is run with a deadline.
type Task interface {
	Do(ctx context.Context) error
}

// Do bounds the task.
func Do(t Task) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return t.Do(ctx)
}
