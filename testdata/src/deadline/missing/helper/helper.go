// Package helper holds what the cases of deadline/missing call in another
// package. Each function stands in package missing as well, so that both
// arrangements are judged alike.
package helper

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

// Fetch passes its context on.
func Fetch(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	return c.GetOrder(ctx, &pb.GetOrderRequest{}) // related "reaches OrderService.GetOrder"
}

// FetchTwice does so through another function.
func FetchTwice(ctx context.Context, c pb.OrderServiceClient) error {
	if _, err := Fetch(ctx, c); err != nil {
		return err
	}
	_, err := Fetch(ctx, c)
	return err
}

// FetchBounded adds a deadline of its own.
func FetchBounded(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return c.GetOrder(ctx, &pb.GetOrderRequest{})
}

// FetchMaybeBounded adds one if it is told to.
func FetchMaybeBounded(ctx context.Context, c pb.OrderServiceClient, timeout time.Duration) (*pb.Order, error) {
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	return c.GetOrder(ctx, &pb.GetOrderRequest{})
}

// Bounded returns a context with a deadline, as a pair.
func Bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, time.Second)
}

// BoundedCause does so with a cause.
func BoundedCause(ctx context.Context, cause error) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeoutCause(ctx, time.Second, cause)
	return ctx, cancel
}

// Tagged returns its context with a value.
func Tagged(ctx context.Context) context.Context {
	return context.WithValue(ctx, key{}, "tag")
}

// Fresh returns a context that nobody bounds.
func Fresh() context.Context {
	return context.Background() // related "context.Background\\(\\) is made here"
}

// WithRetry calls f with its own context.
func WithRetry(ctx context.Context, f func(context.Context) error) error {
	var err error
	for range 3 {
		if err = f(ctx); err == nil {
			return nil
		}
	}
	return err
}

// WithDeadline calls f with a bounded context.
func WithDeadline(f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return f(ctx)
}

// Detached calls f with a context of its own making.
func Detached(f func(context.Context) error) error {
	return f(context.Background()) // related "context.Background\\(\\) is made here"
}

// A Client wraps the generated one, as many programs do.
type Client struct{ rpc pb.OrderServiceClient }

// NewClient returns a wrapper.
func NewClient(rpc pb.OrderServiceClient) *Client { return &Client{rpc} }

// Get has a stub's name and passes its context on.
func (c *Client) Get(ctx context.Context, name string) (*pb.Order, error) {
	return c.rpc.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
}

// A Repository looks like a stub and adds its own timeout.
type Repository struct{ rpc pb.OrderServiceClient }

// GetOrder bounds every call.
func (r *Repository) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return r.rpc.GetOrder(ctx, req)
}

// Store is what Client implements: it is the interface's method that
// importers call.
type Store interface {
	Load(ctx context.Context, name string) (*pb.Order, error)
}

type store struct{ rpc pb.OrderServiceClient }

func (s *store) Load(ctx context.Context, name string) (*pb.Order, error) {
	return s.rpc.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
}

// NewStore hides the implementation.
func NewStore(rpc pb.OrderServiceClient) Store { return &store{rpc} }

// Ignored has a directive at the RPC, which stops the fact.
func Ignored(ctx context.Context, c pb.OrderServiceClient) error {
	//grpclint:ignore deadline/missing the server answers or dies
	_, err := c.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}

// Start runs the RPC behind its caller's back.
func Start(ctx context.Context, c pb.OrderServiceClient) {
	go c.GetOrder(ctx, &pb.GetOrderRequest{})
}

type key struct{}
