package percall

import (
	"context"
	"net/http"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/conn/percall/call"
	"example.com/testdata/conn/percall/open"
	"example.com/testdata/stubs/orderpb"
)

// timed runs what it gets, always.
func timed(f func() error) error {
	defer func(start time.Time) { println(time.Since(start)) }(time.Now())
	return f()
}

// cached does so only if there is nothing yet.
type cached struct{ orders map[string]*orderpb.Order }

func (c *cached) get(name string, load func() (*orderpb.Order, error)) (*orderpb.Order, error) {
	if order := c.orders[name]; order != nil {
		return order, nil
	}
	order, err := load()
	c.orders[name] = order
	return order, err
}

type handing struct {
	orderpb.UnimplementedOrderServiceServer
	addr  string
	cache *cached
}

func (s *handing) serve(w http.ResponseWriter, r *http.Request) {
	timed(func() error {
		conn, err := grpc.NewClient(s.addr, creds) // want `every request opens a new connection: \(\*handing\).serve → grpc.NewClient`
		if err != nil {
			return err
		}
		defer conn.Close()
		_, err = orderpb.NewOrderServiceClient(conn).GetOrder(r.Context(), &orderpb.GetOrderRequest{})
		return err
	})
}

func (s *handing) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	return nil, timed(func() error {
		_, err := call.Get(ctx, s.addr, "orders/1") // want `every request opens a new connection: \(\*handing\).UpdateOrder → call.Get → call.get → open.Conn`
		return err
	})
}

// serveCached does so once for each order.
func (s *handing) serveCached(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	s.cache.get(r.URL.Path, func() (*orderpb.Order, error) { return call.Get(ctx, s.addr, "orders/1") })
}

// asked is what to ask, and whom.
type asked struct {
	ctx        context.Context
	addr, name string
}

func getFrom(a asked) error {
	conn, err := open.Conn(a.addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(a.ctx, &orderpb.GetOrderRequest{Name: a.name})
	return err
}

// eachAddress asks another one in every turn.
func eachAddress(ctx context.Context, addrs []string, name string) error {
	for _, addr := range addrs {
		if err := getFrom(asked{ctx, addr, name}); err != nil {
			return err
		}
		if err := timed(func() error { _, err := call.Get(ctx, addr, name); return err }); err != nil {
			return err
		}
	}
	return nil
}

// eachOther chooses it in a variable.
func eachOther(ctx context.Context, addrs []string, names []string) error {
	var addr string
	next := func() { addr, addrs = addrs[0], addrs[1:] }
	for _, name := range names {
		next()
		if err := timed(func() error { _, err := call.Get(ctx, addr, name); return err }); err != nil {
			return err
		}
	}
	return nil
}

func eachHanded(ctx context.Context, addr string, names []string) error {
	for _, name := range names {
		if err := timed(func() error { _, err := call.Get(ctx, addr, name); return err }); err != nil { // want `every turn of the loop opens a new connection to the same target: eachHanded → call.Get → call.get → open.Conn`
			return err
		}
	}
	return nil
}
