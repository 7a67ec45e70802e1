package missing

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"google.golang.org/grpc"

	"example.com/testdata/deadline/missing/helper"
	"example.com/testdata/deadline/missing/runner"
	pb "example.com/testdata/stubs/orderpb"
)

func bounded(c pb.OrderServiceClient) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c.GetOrder(ctx, nil)
	fetch(ctx, c)
	helper.Fetch(ctx, c)
	until, stop := context.WithDeadline(context.Background(), time.Now().Add(time.Second))
	defer stop()
	c.GetOrder(until, nil)
}

func boundedByHelper(c pb.OrderServiceClient) {
	ctx, cancel := helper.Bounded(context.Background())
	defer cancel()
	c.GetOrder(ctx, nil)
	ctx, cancel = helper.BoundedCause(context.Background(), errors.New("slow"))
	defer cancel()
	c.GetOrder(ctx, nil)
	helper.FetchBounded(context.Background(), c)
}

func boundedSometimes(c pb.OrderServiceClient, timeout time.Duration) {
	ctx := context.Background()
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	c.GetOrder(ctx, nil)
	helper.FetchMaybeBounded(context.Background(), c, timeout)
}

func boundedAndCaptured(c pb.OrderServiceClient) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	func() { c.GetOrder(ctx, nil) }()
}

func (s *service) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	return s.c.CreateOrder(ctx, r)
}

func overHTTP(c pb.OrderServiceClient) http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.Timeout(time.Second))
	r.Get("/", func(w http.ResponseWriter, r *http.Request) {
		c.GetOrder(r.Context(), nil)
	})
	return r
}

func fromCaller(ctx context.Context, c pb.OrderServiceClient) { c.GetOrder(ctx, nil) }

func repository(r *helper.Repository) { r.GetOrder(context.Background(), nil) }

func runBounded(c pb.OrderServiceClient) {
	helper.WithDeadline(func(ctx context.Context) error {
		_, err := c.GetOrder(ctx, nil)
		return err
	})
}

// A closure that is kept runs under a deadline of somebody else's.
type builder struct{ steps []func(context.Context) error }

func (b *builder) add(c pb.OrderServiceClient) {
	b.steps = append(b.steps, func(ctx context.Context) error {
		_, err := c.GetOrder(ctx, nil)
		return err
	})
}

func (b *builder) run() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, step := range b.steps {
		step(ctx)
	}
}

// The context in the field has a deadline in one of the constructors.
type keeper struct {
	ctx context.Context
	c   pb.OrderServiceClient
}

func newKeeper(c pb.OrderServiceClient) *keeper { return &keeper{context.Background(), c} }

func newBoundedKeeper(ctx context.Context, c pb.OrderServiceClient) (*keeper, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	return &keeper{ctx, c}, cancel
}

func (k *keeper) get() { k.c.GetOrder(k.ctx, nil) }

// Others may set an exported field.
type Options struct{ Context context.Context }

func fromField(o *Options, c pb.OrderServiceClient) {
	c.GetOrder(o.Context, nil)
	def := &Options{Context: context.Background()}
	shows(def)
	c.GetOrder(def.Context, nil)
}

func shows(o *Options) { o.Context.Err() }

func fromContainers(m map[string]context.Context, ch chan context.Context, l []context.Context, c pb.OrderServiceClient) {
	m["a"] = context.Background()
	ch <- context.Background()
	l[0] = context.Background()
	c.GetOrder(m["a"], nil)
	c.GetOrder(<-ch, nil)
	c.GetOrder(l[0], nil)
}

func fromUnknown(make func() context.Context, c pb.OrderServiceClient) { c.GetOrder(make(), nil) }

// Detaching is what WithoutCancel is for; the connection may bound the call.
func withoutCancel(c pb.OrderServiceClient) {
	c.GetOrder(context.WithoutCancel(context.Background()), nil)
}

// Streams have rules of their own.
func stream(c pb.OrderServiceClient) error {
	s, err := c.WatchOrders(context.Background(), nil) // want `stream/leak`
	if err != nil {
		return err
	}
	_, err = s.Recv()
	return err
}

// A context of one's own type may have any deadline.
type ownContext struct{ context.Context }

func custom(c pb.OrderServiceClient) { c.GetOrder(ownContext{context.Background()}, nil) }

// One's own one-method interface is no RPC as far as anybody can see.
type getter interface {
	GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error)
}

func ownInterface(g getter) { g.GetOrder(context.Background(), nil) }

type memory struct{ sync.Mutex }

func (m *memory) GetOrder(context.Context, *pb.GetOrderRequest) (*pb.Order, error) { return nil, nil }

// The server type called in process is no RPC.
func inProcess(s *pb.UnimplementedOrderServiceServer) { s.GetOrder(context.Background(), nil) }

type task struct{ c pb.OrderServiceClient }

func (t *task) Do(ctx context.Context) error {
	_, err := t.c.GetOrder(ctx, nil)
	return err
}

func runTask(c pb.OrderServiceClient) error { return runner.Do(&task{c}) }

func ignored(c pb.OrderServiceClient) {
	//grpclint:ignore deadline/missing a prober may wait
	c.GetOrder(context.Background(), nil)
	helper.Ignored(context.Background(), c)
	c.GetOrder(context.Background(), nil) //nolint:grpclint
	fetch(context.Background(), c)        //grpclint:ignore deadline at the link of the chain
}

var _ = []any{direct, everyAge, withoutStub, derived, untilSignal, group, throughHelpers, wrapped, madeElsewhere, tagged, callbacks, newWorker, global, optional, runCommand, runJobs, instantiates, deferred, (*service).poll, (*worker).work}
var _ = []any{bounded, boundedByHelper, boundedSometimes, boundedAndCaptured, overHTTP, fromCaller, repository, runBounded, (*builder).add, (*builder).run, newKeeper, newBoundedKeeper, (*keeper).get, fromField, fromContainers, fromUnknown, withoutCancel, stream, custom, ownInterface, inProcess, runTask, ignored}

// Timers that cancel are deadlines in effect.
func cancelledByTimer(c pb.OrderServiceClient) {
	ctx, cancel := context.WithCancel(context.Background())
	defer time.AfterFunc(time.Second, cancel).Stop()
	c.GetOrder(ctx, nil)
}

func cancelledByGoroutine(c pb.OrderServiceClient) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-time.After(time.Second)
		cancel()
	}()
	c.GetOrder(ctx, nil)
}

// More than a generated client may be behind one's own interface.
type anyLister interface {
	ListOrders(ctx context.Context, in *pb.ListOrdersRequest, opts ...grpc.CallOption) (*pb.ListOrdersResponse, error)
}

type emptyLister struct{}

func (emptyLister) ListOrders(ctx context.Context, in *pb.ListOrdersRequest, opts ...grpc.CallOption) (*pb.ListOrdersResponse, error) {
	return nil, nil
}

func listers(c pb.OrderServiceClient) {
	for _, l := range []anyLister{c, emptyLister{}} {
		l.ListOrders(context.Background(), nil)
	}
}

var _ = []any{cancelledByTimer, cancelledByGoroutine, listers}

// Which of the two runs is not known; only one makes an RPC.
type step interface{ run(ctx context.Context) }

type remoteStep struct{ c pb.OrderServiceClient }

func (s *remoteStep) run(ctx context.Context) { s.c.GetOrder(ctx, nil) }

type localStep struct{}

func (localStep) run(ctx context.Context) {}

func steps(c pb.OrderServiceClient) []step { return []step{&remoteStep{c}, localStep{}} }

func runLocal() {
	var s step = localStep{}
	s.run(context.Background())
}

// Others may implement an exported interface.
type Storage interface{ Store(ctx context.Context) }

type remoteStorage struct{ c pb.OrderServiceClient }

func (s *remoteStorage) Store(ctx context.Context) { s.c.GetOrder(ctx, nil) }

func storage(c pb.OrderServiceClient) Storage { return &remoteStorage{c} }

func store(s Storage) { s.Store(context.Background()) }

// An RPC that waits takes as long as it takes.
func waitFor(cc grpc.ClientConnInterface) {
	cc.Invoke(context.Background(), "/example.tasks.v1.Tasks/Wait", nil, nil)
	cc.Invoke(context.Background(), "/example.tasks.v1.Tasks/PollTaskQueue", nil, nil)
}

// The request's context, or a new one where there is no request.
type file struct {
	ctx context.Context
	c   pb.OrderServiceClient
}

func open(ctx context.Context, c pb.OrderServiceClient) *file { return &file{ctx, c} }

func (f *file) context() context.Context {
	if f.ctx != nil {
		return f.ctx
	}
	return context.Background()
}

func (f *file) read() { f.c.GetOrder(f.context(), nil) }

var _ = []any{steps, runLocal, storage, store, waitFor, open, (*file).read}
