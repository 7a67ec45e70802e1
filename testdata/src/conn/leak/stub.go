package leak

import (
	"context"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/conn/leak/open"
	"example.com/testdata/stubs/orderpb"
)

// stub hands out no more than the stub, so nobody can close the connection.
func stub(addr string) (orderpb.OrderServiceClient, error) {
	conn, err := open.Conn(addr) // want `the connection leaks: ofStub drops what stub returns, by which nobody can close it \[conn/leak\]`
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn), nil
}

func ofStub(ctx context.Context, addr string) error {
	client, err := stub(addr)
	if err != nil {
		return err
	}
	_, err = client.GetOrder(ctx, &orderpb.GetOrderRequest{})
	return err
}

func ofStubAgain(ctx context.Context, addr string) error {
	client, err := stub(addr)
	if err != nil {
		return err
	}
	return ask(ctx, client)
}

// ask only calls what it gets.
func ask(ctx context.Context, client orderpb.OrderServiceClient) error {
	_, err := client.GetOrder(ctx, &orderpb.GetOrderRequest{})
	return err
}

// An asker has a client and no Close.
type asker struct {
	client orderpb.OrderServiceClient
}

func newAsker(addr string) (*asker, error) {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials())) // want `the connection leaks: asks drops what newAsker returns, by which nobody can close it`
	if err != nil {
		return nil, err
	}
	return &asker{client: orderpb.NewOrderServiceClient(conn)}, nil
}

func (a *asker) ask(ctx context.Context) error { return ask(ctx, a.client) }

func asks(ctx context.Context, addr string) error {
	a, err := newAsker(addr)
	if err != nil {
		return err
	}
	return a.ask(ctx)
}

// Silent: somebody keeps what is opened, or can close it.

type keeper struct {
	mu     sync.Mutex
	client orderpb.OrderServiceClient
	asker  *asker
}

func (k *keeper) ofKept(ctx context.Context, addr string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.client == nil {
		client, err := keptStub(addr)
		if err != nil {
			return err
		}
		k.client = client
	}
	return ask(ctx, k.client)
}

func keptStub(addr string) (orderpb.OrderServiceClient, error) {
	conn, err := open.Conn(addr)
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn), nil
}

func newKeeper(addr string) (*keeper, error) {
	a, err := keptAsker(addr)
	if err != nil {
		return nil, err
	}
	return &keeper{asker: a}, nil
}

func keptAsker(addr string) (*asker, error) {
	conn, err := open.Conn(addr)
	if err != nil {
		return nil, err
	}
	return &asker{client: orderpb.NewOrderServiceClient(conn)}, nil
}

// withEnd returns what closes the connection, too.
func withEnd(addr string) (orderpb.OrderServiceClient, func(), error) {
	conn, err := open.Conn(addr)
	if err != nil {
		return nil, nil, err
	}
	return orderpb.NewOrderServiceClient(conn), func() { conn.Close() }, nil
}

func ofWithEnd(ctx context.Context, addr string) error {
	client, end, err := withEnd(addr)
	if err != nil {
		return err
	}
	defer end()
	return ask(ctx, client)
}

var clients = make(map[string]*grpc.ClientConn)

// registered keeps the connection elsewhere.
func registered(addr string) (orderpb.OrderServiceClient, error) {
	conn, err := open.Conn(addr)
	if err != nil {
		return nil, err
	}
	clients[addr] = conn
	return orderpb.NewOrderServiceClient(conn), nil
}

func ofRegistered(ctx context.Context, addr string) error {
	client, err := registered(addr)
	if err != nil {
		return err
	}
	return ask(ctx, client)
}

// onlyTested is dropped by a test only.
func onlyTested(addr string) (orderpb.OrderServiceClient, error) {
	conn, err := open.Conn(addr)
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn), nil
}

// given returns what f does.
func given(f func() (orderpb.OrderServiceClient, error)) (orderpb.OrderServiceClient, error) {
	return f()
}

// ofStubGiven is where a cause comes to light that has been told.
func ofStubGiven(ctx context.Context, addr string) error {
	client, err := given(func() (orderpb.OrderServiceClient, error) { return stub(addr) })
	if err != nil {
		return err
	}
	return ask(ctx, client)
}

func handed(f func() orderpb.OrderServiceClient) orderpb.OrderServiceClient { return f() }

func ended(f func()) { f() }

func byLiteral(ctx context.Context, addr string) error {
	conn, err := open.Conn(addr) // want `conn leaks: byLiteral opens it with open.Conn and nothing closes it`
	if err != nil {
		return err
	}
	client := func() orderpb.OrderServiceClient { return orderpb.NewOrderServiceClient(conn) }
	return ask(ctx, client())
}

func closedByLiteral(ctx context.Context, addr string) error {
	conn, err := open.Conn(addr)
	if err != nil {
		return err
	}
	defer ended(func() { conn.Close() })
	return ask(ctx, handed(func() orderpb.OrderServiceClient { return orderpb.NewOrderServiceClient(conn) }))
}

// endOf is what closes it.
func endOf(addr string) (func(), error) {
	conn, err := open.Conn(addr)
	if err != nil {
		return nil, err
	}
	return endGiven(func() func() { return func() { conn.Close() } }), nil
}

func endGiven(f func() func()) func() { return f() }

// holder keeps what literals return.
type holder struct{ client orderpb.OrderServiceClient }

func (k *holder) keep(f func() orderpb.OrderServiceClient) { k.client = f() }

func held(k *holder, addr string) error {
	conn, err := open.Conn(addr)
	if err != nil {
		return err
	}
	k.keep(func() orderpb.OrderServiceClient { return orderpb.NewOrderServiceClient(conn) })
	return nil
}
