// Package missing tests deadline/missing on connections that come from
// elsewhere and so count as plain.
package missing

import (
	"context"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/deadline/missing/helper"
	"example.com/testdata/deadline/missing/pure"
	"example.com/testdata/deadline/missing/runner"
	"example.com/testdata/stubs/gogopb"
	"example.com/testdata/stubs/grpc12pb"
	"example.com/testdata/stubs/grpc13pb"
	pb "example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/pluginpb"
)

func direct(c pb.OrderServiceClient) {
	c.GetOrder(context.Background(), &pb.GetOrderRequest{}) // want `^OrderService.GetOrder can hang for ever: context.Background\(\) has no deadline \[deadline/missing\]$`
	c.GetOrder(context.TODO(), &pb.GetOrderRequest{})       // want `context.TODO\(\) has no deadline`
}

func everyAge(a grpc12pb.Grpc12ServiceClient, b grpc13pb.Grpc13ServiceClient, c pluginpb.PluginServiceClient, d gogopb.GogoServiceClient) {
	a.Get(context.Background(), &grpc12pb.GetRequest{}) // want `Grpc12Service.Get can hang`
	b.Get(context.Background(), &grpc13pb.GetRequest{}) // want `Grpc13Service.Get can hang`
	c.Get(context.Background(), &pluginpb.GetRequest{}) // want `PluginService.Get can hang`
	d.Get(context.Background(), &gogopb.GetRequest{})   // want `GogoService.Get can hang`
}

func withoutStub(cc grpc.ClientConnInterface, conn *grpc.ClientConn) {
	out := new(emptypb.Empty)
	cc.Invoke(context.Background(), "/example.order.v1.OrderService/Ping", out, out)   // want `OrderService.Ping can hang`
	conn.Invoke(context.Background(), "/example.order.v1.OrderService/Ping", out, out) // want `OrderService.Ping can hang`
}

func derived(c pb.OrderServiceClient) error {
	ctx, cancel := context.WithCancel(context.Background()) // want `OrderService.GetOrder and 1 more RPC can hang`
	defer cancel()
	ctx = context.WithValue(ctx, key{}, "v")
	ctx = metadata.AppendToOutgoingContext(ctx, "k", "v")
	if _, err := c.GetOrder(ctx, nil); err != nil { // related "reaches OrderService.GetOrder"
		return err
	}
	_, err := c.ListOrders(ctx, nil)
	return err
}

func untilSignal(c pb.OrderServiceClient) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM) // want `can hang`
	defer stop()
	c.GetOrder(ctx, nil)
}

func group(c pb.OrderServiceClient) error {
	g, ctx := errgroup.WithContext(context.Background()) // want `can hang`
	g.Go(func() error {
		_, err := c.GetOrder(ctx, nil)
		return err
	})
	return g.Wait()
}

func fetch(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	return c.GetOrder(ctx, nil)
}

func fetchTwice(ctx context.Context, c pb.OrderServiceClient) error {
	_, err := fetch(ctx, c)
	return err
}

func throughHelpers(c pb.OrderServiceClient) {
	fetch(context.Background(), c)             // want `\(fetch\) \[deadline/missing\]`
	fetchTwice(context.Background(), c)        // want `\(fetchTwice → fetch\)`
	helper.Fetch(context.Background(), c)      // want `\(Fetch\)`
	helper.FetchTwice(context.Background(), c) // want `\(FetchTwice → Fetch\)`
}

func wrapped(c *helper.Client, s helper.Store) {
	c.Get(context.Background(), "a")  // want `\(Client.Get\)`
	s.Load(context.Background(), "a") // want `\(store.Load\)`
}

func madeElsewhere(c pb.OrderServiceClient) {
	c.GetOrder(helper.Fresh(), nil) // want `context.Background\(\) of Fresh has no deadline`
	c.GetOrder(fresh(), nil)
}

func fresh() context.Context {
	return context.Background() // want `can hang`
}

func tagged(c pb.OrderServiceClient) {
	c.GetOrder(helper.Tagged(context.Background()), nil) // want `can hang`
}

func callbacks(c pb.OrderServiceClient) {
	get := func(ctx context.Context) error {
		_, err := c.GetOrder(ctx, nil) // want info `retry/any-error` `retry/no-backoff` info `retry/unbounded`
		return err
	}
	withRetry(context.Background(), get)        // want `can hang`
	helper.WithRetry(context.Background(), get) // want `can hang`
	helper.Detached(func(ctx context.Context) error {
		_, err := c.ListOrders(ctx, nil) // want `OrderService.ListOrders can hang for ever: context.Background\(\) of Detached`
		return err
	})
}

func withRetry(ctx context.Context, f func(context.Context) error) error {
	for {
		if err := f(ctx); err == nil {
			return nil
		}
	}
}

// A poller beside handlers: only the poller's context has no deadline.
type service struct {
	c pb.OrderServiceClient
	pb.UnimplementedOrderServiceServer
}

func (s *service) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	return s.load(ctx, r)
}

func (s *service) ListOrders(ctx context.Context, r *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	_, err := s.load(ctx, nil)
	return nil, err
}

func (s *service) load(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	return s.c.GetOrder(ctx, r)
}

func (s *service) poll() {
	for range time.Tick(time.Minute) {
		s.load(context.Background(), nil) // want `\(service.load\)`
	}
}

// A context that is kept for the life of its owner is bounded at each use.
type worker struct {
	ctx    context.Context
	cancel context.CancelFunc
	c      pb.OrderServiceClient
}

func newWorker(c pb.OrderServiceClient) *worker {
	ctx, cancel := context.WithCancel(context.Background()) // related "is made here"
	return &worker{ctx: ctx, cancel: cancel, c: c}
}

func (w *worker) work() {
	w.c.GetOrder(w.ctx, nil) // want `^OrderService.GetOrder and 1 more RPC can hang for ever: w.ctx comes from context.Background\(\) and has no deadline`
	w.step(w.ctx)            // related "reaches OrderService.ListOrders here"
}

func (w *worker) step(ctx context.Context) { w.c.ListOrders(ctx, nil) }

var processContext = context.Background()

func global(c pb.OrderServiceClient) {
	c.GetOrder(processContext, nil) // want `processContext comes from context.Background`
}

// The default is what those get who do not set the option.
type config struct{ Context context.Context }

func optional(cfg *config, c pb.OrderServiceClient) {
	ctx := context.Background() // want `can hang`
	if cfg.Context != nil {
		ctx = cfg.Context
	}
	c.GetOrder(ctx, nil)
}

// An implementation of an interface that another package calls.
type command struct{ c pb.OrderServiceClient }

func (c *command) Run(ctx context.Context) error {
	_, err := c.c.GetOrder(ctx, nil) // want `context.Background\(\) of Run has no deadline \(command.Run\)`
	return err
}

func runCommand(c pb.OrderServiceClient) error { return runner.Run(&command{c}) } // related "here it becomes what is called: runner.Command"

// And one that this package calls.
type job interface {
	do(ctx context.Context) error
}

type orderJob struct{ c pb.OrderServiceClient }

func (j orderJob) do(ctx context.Context) error {
	_, err := j.c.GetOrder(ctx, nil)
	return err
}

func runJobs(c pb.OrderServiceClient) {
	for _, j := range []job{orderJob{c}} {
		j.do(context.Background()) // want `\(orderJob.do\)`
	}
}

func generic[T any](ctx context.Context, c pb.OrderServiceClient, _ T) {
	c.GetOrder(ctx, nil)
}

func instantiates(c pb.OrderServiceClient) {
	generic(context.Background(), c, 1) // want `\(generic\)`
}

func deferred(c pb.OrderServiceClient) {
	defer c.DeleteOrder(context.Background(), nil) // want `OrderService.DeleteOrder can hang`
	go c.GetOrder(context.Background(), nil)       // want `OrderService.GetOrder can hang`
}

type key struct{}

// One's own interface for a part of the generated client.
type orderLister interface {
	ListOrders(ctx context.Context, in *pb.ListOrdersRequest, opts ...grpc.CallOption) (*pb.ListOrdersResponse, error)
}

func narrowed(c pb.OrderServiceClient) {
	var l orderLister = c
	l.ListOrders(context.Background(), nil) // want `OrderService.ListOrders can hang`
}

func pureHelpers(c pb.OrderServiceClient) {
	c.GetOrder(pure.With(context.Background(), "v"), nil) // want `OrderService.GetOrder can hang`
	ctx, cancel := pure.Bounded(context.Background())
	defer cancel()
	c.GetOrder(ctx, nil)
}

func pureFresh(c pb.OrderServiceClient) {
	c.GetOrder(pure.Fresh(), nil) // want `context.Background\(\) of Fresh has no deadline`
}

var _ = []any{narrowed, pureHelpers, pureFresh}
