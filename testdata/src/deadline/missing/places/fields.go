// Package places keeps contexts in many places on their way to RPCs.
package places

import (
	"context"
	"sync"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

var client pb.OrderServiceClient

func get(ctx context.Context) { client.GetOrder(ctx, &pb.GetOrderRequest{}) }

// In a field of what a function gets.

type request struct {
	ctx  context.Context
	name string
}

func byValue(r request) { client.GetOrder(r.ctx, &pb.GetOrderRequest{Name: r.name}) }

func passesValue() { byValue(request{ctx: context.Background(), name: "a"}) } // want `OrderService.GetOrder can hang for ever: context.Background\(\) has no deadline`

type pointed struct{ ctx context.Context }

func byPointer(r *pointed) { client.GetOrder(r.ctx, &pb.GetOrderRequest{}) }

func passesPointer() { byPointer(&pointed{ctx: context.TODO()}) } // want `OrderService.GetOrder can hang for ever: context.TODO\(\) has no deadline`

type later struct{ ctx context.Context }

func setsLater() {
	l := new(later)
	l.ctx = context.Background()
	l.get()
}

func (l *later) get() { client.GetOrder(l.ctx, &pb.GetOrderRequest{}) } // want `l.ctx comes from context.Background\(\)`

func inVariable() {
	r := request{ctx: context.Background()} // want `context.Background\(\) has no deadline`
	client.GetOrder(r.ctx, &pb.GetOrderRequest{})
}

type timed struct{ ctx context.Context }

func byTimed(r timed) { client.GetOrder(r.ctx, &pb.GetOrderRequest{}) }

func passesTimed() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	byTimed(timed{ctx: ctx})
}

// Exported fields can be filled by anybody.
type Open struct{ Ctx context.Context }

func (o *Open) get() { client.GetOrder(o.Ctx, &pb.GetOrderRequest{}) }

func opens() { (&Open{Ctx: context.Background()}).get() }

// In package variables.

var once = context.Background()

func ofOnce() { client.GetOrder(once, &pb.GetOrderRequest{}) } // want `once comes from context.Background\(\)`

var inInit context.Context

func init() { inInit = context.Background() }

func ofInit() { client.GetOrder(inInit, &pb.GetOrderRequest{}) } // want `inInit comes from context.Background\(\)`

var (
	lazy   context.Context
	lazily sync.Once
)

func ofLazy() {
	lazily.Do(func() { lazy = context.Background() })
	client.GetOrder(lazy, &pb.GetOrderRequest{}) // want `lazy comes from context.Background\(\)`
}

var replaced = context.Background()

func replaces(ctx context.Context) { replaced = ctx }

func ofReplaced() { client.GetOrder(replaced, &pb.GetOrderRequest{}) } // want `replaced comes from context.Background\(\)`

// In lists and maps.

func ranged() {
	for _, ctx := range []context.Context{context.Background()} { // want `OrderService.GetOrder can hang for ever: context.Background\(\) has no deadline`
		client.GetOrder(ctx, &pb.GetOrderRequest{})
	}
}

func mapped(k string) {
	contexts := map[string]context.Context{"a": context.Background()} // want `OrderService.GetOrder can hang for ever: context.Background\(\) has no deadline`
	client.GetOrder(contexts[k], &pb.GetOrderRequest{})
}

func rangedFuncs() {
	for _, f := range []func(context.Context){get, func(ctx context.Context) { client.ListOrders(ctx, &pb.ListOrdersRequest{}) }} {
		f(context.Background()) // want `OrderService.GetOrder can hang for ever`
	}
}

type job struct {
	ctx context.Context
	id  string
}

func rangedJobs() {
	for _, j := range []job{{context.Background(), "a"}, {context.Background(), "b"}} {
		client.GetOrder(j.ctx, &pb.GetOrderRequest{Name: j.id}) // want `j.ctx comes from context.Background\(\)`
	}
}

func rangedPointers() {
	for _, j := range []*job2{{context.Background(), "a"}, {context.Background(), "b"}} {
		client.GetOrder(j.ctx, &pb.GetOrderRequest{Name: j.id}) // want `j.ctx comes from context.Background\(\)`
	}
}

type job2 struct {
	ctx context.Context
	id  string
}

func rangedTimed() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, ctx := range []context.Context{ctx} {
		client.GetOrder(ctx, &pb.GetOrderRequest{})
	}
}

// In a channel of the package's own.

type queue struct{ jobs chan queued }

type queued struct {
	ctx context.Context
	id  string
}

func newQueue() *queue { return &queue{jobs: make(chan queued, 8)} }

func (q *queue) add(id string) { q.jobs <- queued{ctx: context.Background(), id: id} }

func (q *queue) run() {
	for j := range q.jobs {
		client.GetOrder(j.ctx, &pb.GetOrderRequest{Name: j.id}) // want `j.ctx comes from context.Background\(\)`
	}
}

type contexts struct{ in chan context.Context }

func newContexts() *contexts { return &contexts{in: make(chan context.Context)} }

func (c *contexts) add() { c.in <- context.Background() }

func (c *contexts) run() {
	client.GetOrder(<-c.in, &pb.GetOrderRequest{}) // want `<-c.in comes from context.Background\(\)`
}

func selects(stop chan struct{}) {
	in := make(chan context.Context, 1)
	in <- context.TODO()
	select {
	case <-stop:
	case ctx := <-in:
		client.GetOrder(ctx, &pb.GetOrderRequest{}) // want `ctx comes from context.TODO\(\)`
	}
}

// shared: others can send, too.
type shared struct{ in chan context.Context }

func newShared(in chan context.Context) *shared { return &shared{in: in} }

func (s *shared) add() { s.in <- context.Background() }

func (s *shared) run() { client.GetOrder(<-s.in, &pb.GetOrderRequest{}) }

func Shared(in chan context.Context) { newShared(in).run() }
