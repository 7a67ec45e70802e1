package detached

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

// What nobody waits for, and what is no request.

func bounded() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), time.Second)
}

// The goroutine was given a context of its own.
func (s *server) inLiteral(ctx context.Context) {
	go func(ctx context.Context) {
		own, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		s.next.GetOrder(own, nil)
	}(context.WithoutCancel(ctx))
}

// A pool runs the literal when it likes.
func (s *server) inPool(ctx context.Context, submit func(func(context.Context) error)) {
	submit(func(ctx context.Context) error {
		own, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, err := s.next.GetOrder(own, nil)
		return err
	})
}

// An interceptor runs for a request, be it a literal.
var intercept grpc.UnaryServerInterceptor = func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	own, cancel := context.WithTimeout(context.Background(), time.Second) // want `instead of ctx`
	defer cancel()
	pb.NewOrderServiceClient(nil).GetOrder(own, nil)
	return handler(ctx, req)
}

// An agent runs as long as its process.
type agent struct{ c pb.OrderServiceClient }

func (a *agent) run(ctx context.Context) error {
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if _, err := a.c.GetOrder(own, nil); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Minute):
			a.report(ctx)
		}
	}
}

func (a *agent) report(ctx context.Context) {
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	a.c.UpdateOrder(own, nil)
}

func begin(ctx context.Context) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return (&agent{}).run(ctx) })
}

var command = &cobra.Command{RunE: func(cmd *cobra.Command, args []string) error {
	return register(cmd.Context(), nil)
}}

func register(ctx context.Context, c pb.OrderServiceClient) error {
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err := c.CreateOrder(own, nil)
	return err
}

// A job that the handler starts, and that tells somebody else how it went.
func (s *server) DeleteOrder(ctx context.Context, r *pb.DeleteOrderRequest) {
	go s.job(ctx, r)
}

func (s *server) job(ctx context.Context, r *pb.DeleteOrderRequest) {
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s.next.DeleteOrder(own, r)
}

// A helper of a handler and of the agent works for a request, too.
func (s *server) UploadOrders(stream grpc.ClientStreamingServer[pb.UploadOrdersRequest, pb.UploadOrdersResponse]) error {
	both(stream.Context(), s.next)
	return nil
}

func (a *agent) step(ctx context.Context) {
	for range time.Tick(time.Second) {
		both(ctx, a.c)
	}
}

func both(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := context.WithTimeout(context.Background(), time.Second) // want `can run on after the caller of both has gone`
	defer cancel()
	c.GetOrder(own, nil)
}

// The author says that it is meant.

func underscore(_ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := bounded()
	defer cancel()
	c.GetOrder(own, nil)
}

func underscored(_ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c.GetOrder(own, nil)
}

func commented(ctx context.Context, c pb.OrderServiceClient) {
	// The order has to be written even if the client has gone.
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c.CreateOrder(own, nil)
	own2, cancel2 := context.WithTimeout(context.Background(), time.Second) // must not be cancelled
	defer cancel2()
	c.CreateOrder(own2, nil)
}

// documented lets the write outlive the request.
func documented(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c.CreateOrder(own, nil)
}

// commentedElsewhere talks of something else, and so do its comments.
func commentedElsewhere(ctx context.Context, c pb.OrderServiceClient) {
	// Five seconds are enough.
	own, cancel := context.WithTimeout(context.Background(), 5*time.Second) // want `can run on after the caller of commentedElsewhere has gone`
	defer cancel()
	c.CreateOrder(own, nil)
	// TODO: pass the context, so that a cancel gets there.
	own2, cancel2 := context.WithTimeout(context.Background(), time.Second) // want `can run on after the caller of commentedElsewhere has gone`
	defer cancel2()
	c.CreateOrder(own2, nil)
}

func detachedFrom(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), time.Second)
}

func byHelper(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := detachedFrom(ctx)
	defer cancel()
	c.CreateOrder(own, nil)
}

var _ = []any{intercept, (*agent).step, begin, command, underscore, underscored, commented, documented, commentedElsewhere, byHelper}
