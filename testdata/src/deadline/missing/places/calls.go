package places

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	pb "example.com/testdata/stubs/orderpb"
)

// Functions that are kept.

type hooks struct {
	get   func(context.Context) error
	fetch func(context.Context) error
}

func newHooks() *hooks {
	return &hooks{
		get:   func(ctx context.Context) error { _, err := client.GetOrder(ctx, &pb.GetOrderRequest{}); return err },
		fetch: fetch,
	}
}

func fetch(ctx context.Context) error {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}

func (h *hooks) run() {
	h.get(context.Background())   // want `OrderService.GetOrder can hang for ever: context.Background\(\) has no deadline`
	h.fetch(context.Background()) // want `OrderService.GetOrder can hang for ever: context.Background\(\) has no deadline \((.* → )?fetch\)`
}

var getter = fetch

func ofVariable() { getter(context.Background()) } // want `has no deadline \((.* → )?fetch\)`

type service struct{ c pb.OrderServiceClient }

func (s *service) get(ctx context.Context) error {
	_, err := s.c.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}

func bound(s *service) {
	get := s.get
	get(context.Background()) // want `has no deadline \((.* → )?service\.get\)`
}

func boundHanded(s *service) { once1(context.Background(), s.get) } // want `has no deadline \((.* → )?service\.get\)`

func expression(s *service) { (*service).get(s, context.Background()) } // want `has no deadline \((.* → )?service\.get\)`

// Callbacks.

func once1(ctx context.Context, f func(context.Context) error) error { return f(ctx) }

func twice(ctx context.Context, f func(context.Context) error) error {
	return once1(ctx, func(ctx context.Context) error { return once1(ctx, f) })
}

func generic[T any](ctx context.Context, f func(context.Context) (T, error)) (T, error) {
	return f(ctx)
}

func callbacks(s *service) {
	once1(context.Background(), func(ctx context.Context) error { return s.get(ctx) })                            // want `has no deadline \((.* → )?service\.get\)`
	twice(context.Background(), s.get)                                                                            // want `has no deadline \((.* → )?service\.get\)`
	generic(context.Background(), func(ctx context.Context) (*pb.Order, error) { return s.c.GetOrder(ctx, nil) }) // want `has no deadline`
}

func timedCallback(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return once1(ctx, f)
}

func timedCallbacks(s *service) {
	timedCallback(context.Background(), s.get)
	timedCallback(context.Background(), func(ctx context.Context) error { return s.get(ctx) })
}

// What is called is in a struct, with its context.

type task struct {
	ctx context.Context
	f   func(context.Context) error
}

func (t task) run() error { return t.f(t.ctx) }

func inTask(ctx context.Context, f func(context.Context) error) error { return task{ctx, f}.run() }

func timedTask(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return task{ctx, f}.run()
}

func tasks(s *service) {
	inTask(context.Background(), s.get) // want `has no deadline \((.* → )?service\.get\)`
	inTask(context.Background(), func(context.Context) error { return nil })
	timedTask(context.Background(), func(ctx context.Context) error {
		_, err := s.c.GetOrder(ctx, nil)
		return err
	})
}

// Where it is called is in a variable, a field, or behind an interface.

var runner = func(ctx context.Context, f func(context.Context) error) error { return f(ctx) }

func byVariable(ctx context.Context, f func(context.Context) error) error { return runner(ctx, f) }

type runs struct {
	run func(ctx context.Context, f func(context.Context) error) error
}

func newRuns() *runs {
	return &runs{run: func(ctx context.Context, f func(context.Context) error) error {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		return f(ctx)
	}}
}

func byField(ctx context.Context, f func(context.Context) error) error { return newRuns().run(ctx, f) }

func runAnyhow(s *service) {
	byVariable(context.Background(), s.get) // want `has no deadline \((.* → )?service\.get\)`
	byField(context.Background(), func(ctx context.Context) error { return s.get(ctx) })
}

func rooted(f func(context.Context) error) error { return f(context.Background()) } // want `has no deadline \((.* → )?service\.get\)`

func ofRooted(s *service) { rooted(s.get) }

func group(s *service) {
	var g errgroup.Group
	ctx := context.Background() // want `has no deadline \((.* → )?service\.get\)`
	g.Go(func() error { return s.get(ctx) })
	g.Wait()
}

// What makes contexts.

func maker(s *service) func() error {
	ctx := context.Background() // want `has no deadline \((.* → )?service\.get\)`
	return func() error { return s.get(ctx) }
}

func made(s *service) { maker(s)() }

func taker(s *service) func(context.Context) error {
	return func(ctx context.Context) error { return s.get(ctx) }
}

func taken(s *service) {
	taker(s)(context.Background()) // want `has no deadline \((.* → )?service\.get\)`
	f := taker(s)
	f(context.TODO()) // want `has no deadline \((.* → )?service\.get\)`
}

func background() context.Context { return context.Background() } // want `has no deadline \((.* → )?service\.get\)`

func ofBackground(s *service) { s.get(background()) }

func produced(f func() context.Context, s *service) { s.get(f()) }

func produces(s *service) {
	produced(func() context.Context { return context.Background() }, s) // want `has no deadline \(produced → service\.get\)`
	produced(todo, s)
	produced(short, s)
}

func todo() context.Context { return context.TODO() } // want `has no deadline \(produced → service\.get\)`

func short() context.Context {
	ctx, _ := context.WithTimeout(context.Background(), time.Second)
	return ctx
}

// The timer is beside a helper's context.

func cancellable() (context.Context, context.CancelFunc) {
	return context.WithCancel(context.Background())
}

func timedByCaller(s *service) {
	ctx, cancel := cancellable()
	time.AfterFunc(time.Second, cancel)
	s.get(ctx)
}

func timedByHelper(s *service) {
	ctx, cancel := cancellable()
	endsLater(cancel)
	s.get(ctx)
}

func endsLater(cancel func()) { time.AfterFunc(time.Second, cancel) }

func cancelledByCaller(s *service) {
	ctx, cancel := endable()
	defer cancel()
	s.get(ctx)
}

func endable() (context.Context, context.CancelFunc) {
	return context.WithCancel(context.Background()) // want `has no deadline \(service\.get\)`
}

// An interface with one implementation.

type orders interface{ get(context.Context) error }

type Registry struct{ orders orders }

func NewRegistry(o orders) *Registry { return &Registry{orders: o} }

func newRegistry(s *service) *Registry { return NewRegistry(s) }

func (r *Registry) run() { r.orders.get(context.Background()) } // want `has no deadline \((.* → )?service\.get\)`

// of two implementations, which of them runs is not known: it may be the one
// that makes an RPC.
type either interface{ find(context.Context) error }

type one struct{ c pb.OrderServiceClient }

func (o *one) find(ctx context.Context) error { _, err := o.c.GetOrder(ctx, nil); return err }

type none struct{}

func (none) find(context.Context) error { return nil }

func ofEither(e either) { e.find(context.Background()) } // want `has no deadline \(one\.find\)`

func Either(c pb.OrderServiceClient, real bool) {
	var e either = none{}
	if real {
		e = &one{c}
	}
	ofEither(e)
}
