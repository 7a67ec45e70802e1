package deferredcancel

import (
	"context"
	"sync"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

// The deferred call ends the context by somebody else.

func byHelper(ctx context.Context, c pb.OrderServiceClient, names []string) {
	for range names {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer end(stop) // want `stop of this iteration's context.WithTimeout is deferred in a loop`
		c.GetOrder(attempt, nil)
	}
}

func end(stop func()) { stop() }

func byLiteral(ctx context.Context, c pb.OrderServiceClient, names []string) {
	for range names {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer func() { // want `stop of this iteration's context.WithTimeout is deferred in a loop`
			note(names)
			stop()
		}()
		c.GetOrder(attempt, nil)
	}
}

type ender struct{ stop context.CancelFunc }

func (e ender) end() { e.stop() }

func byMethod(ctx context.Context, c pb.OrderServiceClient, names []string) {
	for range names {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer ender{stop}.end() // want `stop of this iteration's context.WithTimeout is deferred in a loop`
		c.GetOrder(attempt, nil)
	}
}

// Literals that the iteration waits for hand nothing out.
func waitsFor(ctx context.Context, c pb.OrderServiceClient, names []string) {
	for range names {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop() // want `deadline/deferred-cancel`
		new(sync.Once).Do(func() { c.GetOrder(attempt, nil) })
	}
}

// Silent.

func note([]string) {}

// What is deferred ends something else, or nothing.
func endsOther(ctx context.Context, c pb.OrderServiceClient, names []string) {
	_, whole := context.WithCancel(ctx)
	for range names {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer end(whole)
		defer note(names)
		c.GetOrder(attempt, nil)
		stop()
	}
}

// The literal may run later.
func kept(ctx context.Context, c pb.OrderServiceClient, names []string) {
	for range names {
		attempt, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		start(func() { c.GetOrder(attempt, nil) })
	}
}

func start(f func()) { go f() }
