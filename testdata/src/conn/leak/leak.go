// Package leak holds connections that are left open, and some that are not.
package leak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"runtime"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/conn/leak/open"
	"example.com/testdata/stubs/gogopb"
	"example.com/testdata/stubs/orderpb"
)

var creds = grpc.WithTransportCredentials(insecure.NewCredentials())

var errBad = errors.New("bad")

// Bad.

func neverClosed(ctx context.Context, addr string) (*orderpb.Order, error) {
	conn, err := grpc.NewClient(addr, creds) // want `conn leaks: neverClosed opens it with grpc.NewClient and nothing closes it \[conn/leak\]`
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn).GetOrder(ctx, nil) // related `returns without closing conn`
}

func earlyReturn(addr string, bad bool) error {
	conn, err := grpc.NewClient(addr, creds) // want `conn leaks when earlyReturn returns at line \d+`
	if err != nil {
		return err
	}
	if bad {
		return errBad // related `returns without closing conn`
	}
	return conn.Close()
}

type client struct {
	conn   *grpc.ClientConn
	orders orderpb.OrderServiceClient
	mu     sync.Mutex
}

func (c *client) Close() error { return c.conn.Close() }

func (c *client) check(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.orders.ListOrders(ctx, &orderpb.ListOrdersRequest{})
	return err
}

func constructor(ctx context.Context, addr string) (*client, error) {
	conn, err := grpc.NewClient(addr, creds) // want `conn leaks when constructor returns at line \d+`
	if err != nil {
		return nil, err
	}
	c := &client{conn: conn, orders: orderpb.NewOrderServiceClient(conn)}
	if err := c.check(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

func helperInPackage(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds)
}

func ofHelperInPackage(ctx context.Context, addr string) error {
	conn, err := helperInPackage(addr) // want `conn leaks: ofHelperInPackage opens it with helperInPackage and nothing closes it`
	if err != nil {
		return err
	}
	return look(ctx, conn)
}

func look(ctx context.Context, conn grpc.ClientConnInterface) error {
	_, err := orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
	return err
}

func ofHelperElsewhere(ctx context.Context, addr string) error {
	conn, err := open.Conn(addr) // want `conn leaks: ofHelperElsewhere opens it with open.Conn and nothing closes it`
	if err != nil {
		return err
	}
	return open.Look(ctx, conn, "orders/1")
}

func ownerInPackage(ctx context.Context, addr string) error {
	c, err := newClient(addr) // want `c leaks: ownerInPackage opens it with newClient and nothing closes it`
	if err != nil {
		return err
	}
	return c.check(ctx)
}

func newClient(addr string) (*client, error) {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, orders: orderpb.NewOrderServiceClient(conn)}, nil
}

func ownerElsewhere(ctx context.Context, addr string) error {
	c, err := open.New(addr) // want `c leaks when ownerElsewhere returns at line \d+`
	if err != nil {
		return err
	}
	if _, err := c.Get(ctx, "orders/1"); err != nil {
		return err
	}
	return c.Close()
}

func cleanupElsewhere(ctx context.Context, addr string) error {
	orders, done, err := open.Orders(addr) // want `orders leaks when cleanupElsewhere returns at line \d+`
	if err != nil {
		return err
	}
	if _, err := orders.GetOrder(ctx, &orderpb.GetOrderRequest{}); err != nil {
		return err
	}
	done()
	return nil
}

func replaced(ctx context.Context, addrs []string) error {
	var conn *grpc.ClientConn
	for _, addr := range addrs {
		var err error
		conn, err = grpc.NewClient(addr, creds) // want `conn leaks in every turn of the loop: the next call of grpc.NewClient replaces it while it is open`
		if err != nil {
			return err
		}
		if look(ctx, conn) == nil {
			break
		}
	}
	if conn != nil {
		conn.Close()
	}
	return nil
}

func gogo(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds) // want `conn leaks: gogo opens it`
	if err != nil {
		return err
	}
	_, err = gogopb.NewGogoServiceClient(conn).Get(ctx, nil)
	return err
}

func inLiteral(ctx context.Context, addr string, run func(func() error)) {
	run(func() error {
		conn, err := grpc.NewClient(addr, creds) // want `conn leaks: inLiteral opens it`
		if err != nil {
			return err
		}
		return look(ctx, conn)
	})
}

// exits does not leave the process: ExitError only makes an error.
func exits(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds) // want `conn leaks when exits returns at line \d+`
	if err != nil {
		return ExitError(err)
	}
	if err := look(ctx, conn); err != nil {
		return ExitError(err)
	}
	return conn.Close()
}

// ExitError is what a command-line library has.
func ExitError(err error) error { return fmt.Errorf("exit: %w", err) }

// noResult ends without a return statement.
func noResult(ctx context.Context, addr string) {
	conn, err := grpc.NewClient(addr, creds) // want `conn leaks: noResult opens it with grpc.NewClient and nothing closes it`
	if err != nil {
		return
	}
	_ = look(ctx, conn)
} // related `returns without closing conn`

// Silent.

func closed(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	defer conn.Close()
	return look(ctx, conn)
}

func closedInLiteral(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	defer func() {
		if err := conn.Close(); err != nil {
			log.Print(err)
		}
	}()
	return look(ctx, conn)
}

// deferredBefore registers the deferred call first.
func deferredBefore(ctx context.Context, addr string) (err error) {
	var conn *grpc.ClientConn
	defer func() {
		if conn != nil {
			conn.Close()
		}
	}()
	conn, err = grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	return look(ctx, conn)
}

// closedOnError is the usual constructor done right.
func closedOnError(ctx context.Context, addr string) (_ *client, err error) {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
	c := &client{conn: conn, orders: orderpb.NewOrderServiceClient(conn)}
	if err := c.check(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// passedToLiteral is what an editor writes.
func passedToLiteral(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	defer func(conn *grpc.ClientConn) {
		_ = conn.Close()
	}(conn)
	return look(ctx, conn)
}

// closer closes through an interface.
func closer(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	defer quietly(conn)
	return look(ctx, conn)
}

func quietly(c io.Closer) { _ = c.Close() }

// named has named results and a deferred call.
func named(addr string) (conn *grpc.ClientConn, err error) {
	defer func() { log.Print(err) }()
	conn, err = grpc.NewClient(addr, creds)
	if err != nil {
		return nil, err
	}
	return conn, nil
}

// list is kept by the caller.
func list(addr string) ([]*grpc.ClientConn, error) {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return nil, err
	}
	return []*grpc.ClientConn{conn}, nil
}

func closedByHelper(ctx context.Context, addr string) error {
	conn, err := open.Conn(addr)
	if err != nil {
		return err
	}
	defer open.Shut(conn)
	return look(ctx, conn)
}

func closedByHelperInPackage(ctx context.Context, addr string) error {
	conn, err := helperInPackage(addr)
	if err != nil {
		return err
	}
	err = look(ctx, conn)
	shut(conn)
	return err
}

func shut(conn *grpc.ClientConn) { _ = conn.Close() }

func closedOwner(ctx context.Context, addr string) error {
	c, err := open.New(addr)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Get(ctx, "orders/1")
	return err
}

func closedByCleanup(ctx context.Context, addr string) error {
	orders, done, err := open.Orders(addr)
	if err != nil {
		return err
	}
	defer done()
	_, err = orders.GetOrder(ctx, &orderpb.GetOrderRequest{})
	return err
}

func returnedCloser(addr string) (orderpb.OrderServiceClient, func() error, error) {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return nil, nil, err
	}
	return orderpb.NewOrderServiceClient(conn), conn.Close, nil
}

// clientEscapes keeps the stub, and with it the connection.
func (s *server) clientEscapes(addr string) error {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	s.orders = orderpb.NewOrderServiceClient(conn)
	return nil
}

type server struct {
	orders orderpb.OrderServiceClient
	conn   *grpc.ClientConn
	conns  map[string]*grpc.ClientConn
	all    []*grpc.ClientConn
	ch     chan *grpc.ClientConn
}

func (s *server) stored(addr string, where int) error {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	switch where {
	case 0:
		s.conn = conn
	case 1:
		s.conns[addr] = conn
	case 2:
		s.all = append(s.all, conn)
	case 3:
		s.ch <- conn
	default:
		global = conn
	}
	return nil
}

var global *grpc.ClientConn

// laterLiteral hands the connection to a literal that runs later.
func laterLiteral(ctx context.Context, addr string, register func(func())) error {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	register(func() { _ = look(ctx, conn) })
	return nil
}

func goroutine(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	go func() {
		<-ctx.Done()
		conn.Close()
	}()
	return look(ctx, conn)
}

// unknownCallee passes the connection to a function that nobody knows.
func unknownCallee(addr string, use func(*grpc.ClientConn)) error {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	use(conn)
	return nil
}

func keptElsewhere(addr string) error {
	conn, err := open.Conn(addr)
	if err != nil {
		return err
	}
	open.Keep(addr, conn)
	return nil
}

// shared gets a connection that is not its own.
func shared(ctx context.Context, addr string) error {
	conn, err := open.Shared(addr)
	if err != nil {
		return err
	}
	return look(ctx, conn)
}

func finalizer(addr string) error {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	runtime.SetFinalizer(conn, func(c *grpc.ClientConn) { c.Close() })
	return nil
}

// fatal leaves the process.
func fatal(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	if err := look(ctx, conn); err != nil {
		log.Fatal(err)
	}
	if addr == "" {
		os.Exit(1)
	}
	if addr == "-" {
		die(err)
	}
	return conn.Close()
}

func die(err error) {
	log.Print(err)
	os.Exit(2)
}

// otherWayRound looks for success first.
func otherWayRound(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds)
	if err == nil {
		defer conn.Close()
		err = look(ctx, conn)
	}
	return err
}

// classified returns on some errors only, and there is no connection then.
func classified(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds)
	if errors.Is(err, context.Canceled) {
		return nil
	}
	if err != nil {
		return err
	}
	defer conn.Close()
	return look(ctx, conn)
}

// retried tries until there is a connection.
func retried(addr string) *grpc.ClientConn {
	for {
		conn, err := grpc.NewClient(addr, creds)
		if err == nil {
			return conn
		}
		log.Print(err)
	}
}

// choice opens one of two.
func choice(ctx context.Context, addr string, tls bool) error {
	var conn *grpc.ClientConn
	var err error
	if tls {
		conn, err = grpc.NewClient(addr, creds)
	} else {
		conn, err = open.Conn(addr)
	}
	if err != nil {
		return err
	}
	defer conn.Close()
	return look(ctx, conn)
}

// viaPointer fills in what a pointer points to.
func viaPointer(conn **grpc.ClientConn, addr string) (err error) {
	*conn, err = grpc.NewClient(addr, creds)
	return err
}

// stream returns a stream, which keeps the connection busy.
func stream(ctx context.Context, addr string) (grpc.ServerStreamingClient[orderpb.OrderEvent], error) {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn).WatchOrders(ctx, &orderpb.WatchOrdersRequest{})
}

// options may do anything with the owner, if there are any.
func options(addr string, opts ...func(*client)) error {
	c, err := newClient(addr)
	if err != nil {
		return err
	}
	for _, o := range opts {
		o(c)
	}
	return nil
}

// inMemory gets a client that may have no connection.
func inMemory(bad bool) error {
	c, err := open.Maybe("")
	if err != nil {
		return err
	}
	if bad {
		return errBad
	}
	return c.Close()
}

func suppressed(ctx context.Context, addr string) error {
	//grpclint:ignore conn/leak the process ends right after
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	return look(ctx, conn)
}
