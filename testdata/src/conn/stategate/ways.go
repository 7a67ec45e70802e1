package stategate

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"

	"example.com/testdata/stubs/orderpb"
)

func stateOf(conn *grpc.ClientConn) connectivity.State { return conn.GetState() }

func byHelper(conn *grpc.ClientConn) error {
	if stateOf(conn) != connectivity.Ready { // want `turns away what would work` at "stateOf(conn)"
		return errNotReady
	}
	return nil
}

func waitUntilReady(ctx context.Context, conn *grpc.ClientConn) bool {
	return conn.WaitForStateChange(ctx, connectivity.Ready) // want `returns at once: it is IDLE`
}

func waitsByHelper(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return nil, err
	}
	if !waitUntilReady(ctx, conn) {
		conn.Close()
		return nil, errNotReady
	}
	return conn, nil
}

// Silent.

type asker struct{ conn *grpc.ClientConn }

func (a asker) ask(ctx context.Context) error {
	_, err := orderpb.NewOrderServiceClient(a.conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
	return err
}

// afterHelper asks once a helper has made an RPC.
func afterHelper(ctx context.Context, conn *grpc.ClientConn) error {
	if err := (asker{conn}).ask(ctx); err != nil {
		return err
	}
	if stateOf(conn) != connectivity.Ready {
		return errNotReady
	}
	return nil
}

type asks interface{ ask(context.Context) error }

type checker struct{ asks }

func newChecker(conn *grpc.ClientConn) checker { return checker{asker{conn}} }

func (c checker) check(ctx context.Context) error { return c.asks.ask(ctx) }

// afterInterface does so behind an interface.
func afterInterface(ctx context.Context, conn *grpc.ClientConn) error {
	if err := newChecker(conn).check(ctx); err != nil {
		return err
	}
	if stateOf(conn) != connectivity.Ready {
		return errNotReady
	}
	return nil
}

// pollsAfterHelper waits for what the helper has begun.
func pollsAfterHelper(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return nil, err
	}
	go asker{conn}.ask(ctx)
	for stateOf(conn) != connectivity.Ready {
		time.Sleep(time.Second)
	}
	return conn, nil
}

// eitherOf may be what another one says.
func eitherOf(conn *grpc.ClientConn, other connectivity.State, own bool) error {
	state := other
	if own {
		state = conn.GetState()
	}
	if state != connectivity.Ready {
		return errNotReady
	}
	return nil
}
