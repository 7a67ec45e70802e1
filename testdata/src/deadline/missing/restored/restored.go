// Package restored stores contexts, cancel functions and others back into
// the variables that they come from, as function literals and named results
// do. Whoever follows such a value comes by the same place again.
package restored

import (
	"context"
	"time"

	"example.com/testdata/stubs/orderpb"
)

// Named returns what it has made through variables that a deferred literal
// shares.
func Named(fail bool) (ctx context.Context, cancel context.CancelFunc, err error) {
	ctx, cancel = context.WithCancel(context.Background()) // want "can hang for ever"
	defer func() {
		if err != nil {
			cancel()
		}
	}()
	if fail {
		return ctx, cancel, context.Canceled
	}
	return ctx, cancel, nil
}

func named(client orderpb.OrderServiceClient) error {
	ctx, cancel, err := Named(false)
	if err != nil {
		return err
	}
	defer cancel()
	_, err = client.GetOrder(ctx, &orderpb.GetOrderRequest{})
	return err
}

// twoNames: a cancel function in two variables that take turns.
func twoNames(client orderpb.OrderServiceClient) {
	ctx, cancel := context.WithCancel(context.Background()) // want "can hang for ever"
	stop := cancel
	cancel = stop
	defer func() {
		stop()
		cancel()
	}()
	client.GetOrder(ctx, &orderpb.GetOrderRequest{})
}

// timed is the same, and a timer runs one of them.
func timed(client orderpb.OrderServiceClient) {
	ctx, cancel := context.WithCancel(context.Background())
	stop := cancel
	cancel = stop
	defer func() { cancel() }()
	time.AfterFunc(time.Second, func() { stop() })
	timer := time.AfterFunc(time.Second, stop)
	defer timer.Stop()
	client.GetOrder(ctx, &orderpb.GetOrderRequest{})
}

// turns: a context that goes round in a loop through a shared variable.
func turns(client orderpb.OrderServiceClient, n int) {
	ctx := context.Background() // want "can hang for ever"
	outer := ctx
	use := func() { ctx, outer = outer, ctx }
	for range n {
		use()
		ctx = context.WithValue(outer, n, n)
		outer = ctx
	}
	client.GetOrder(ctx, &orderpb.GetOrderRequest{})
}

// itself: a function literal in a variable that it is stored back to; there
// is no other that it could be.
func itself(client orderpb.OrderServiceClient) {
	var ask func(context.Context)
	ask = func(ctx context.Context) {
		client.GetOrder(ctx, &orderpb.GetOrderRequest{})
		next := ask
		ask = next
	}
	again := ask
	ask = again
	ask(context.Background()) // want `GetOrder can hang for ever`
}

// onlyItself: a variable in which nothing is but what it holds.
func onlyItself(client orderpb.OrderServiceClient) {
	var ask func(context.Context)
	keep := func() { ask = ask }
	keep()
	ask(context.Background())
	var ctx context.Context
	same := func() { ctx = ctx }
	same()
	client.GetOrder(ctx, &orderpb.GetOrderRequest{})
}
