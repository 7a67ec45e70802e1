// Package stategate waits for what does not come by itself.
package stategate

import (
	"context"
	"errors"
	"log"
	"net/http"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
)

var creds = grpc.WithTransportCredentials(insecure.NewCredentials())

var errNotReady = errors.New("not ready")

type client struct{ conn *grpc.ClientConn }

// Bad.

func (c *client) gate(ctx context.Context) (*orderpb.Order, error) {
	if c.conn.GetState() != connectivity.Ready { // want `turns away what would work: a connection is IDLE, not READY, until its first RPC and after a pause \[conn/state-gate\]` at "c.conn.GetState()"
		return nil, errNotReady
	}
	return orderpb.NewOrderServiceClient(c.conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
}

func gateStatus(conn *grpc.ClientConn) error {
	if state := conn.GetState(); state != connectivity.Ready { // want `turns away what would work`
		return status.Errorf(codes.Unavailable, "connection is %v", state)
	}
	return nil
}

func usable(conn *grpc.ClientConn) bool {
	if conn.GetState() != connectivity.Ready { // want `turns away what would work`
		return false
	}
	log.Print("usable")
	return true
}

func (c *client) readyz(w http.ResponseWriter, _ *http.Request) {
	if c.conn.GetState() != connectivity.Ready { // want `turns away what would work`
		http.Error(w, "not connected", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func otherWayRound(ctx context.Context, conn *grpc.ClientConn) error {
	if conn.GetState() == connectivity.Ready { // want `turns away what would work`
		_, err := orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
		return err
	}
	return errNotReady
}

func waits(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return nil, err
	}
	for {
		state := conn.GetState() // want `waits for ever: grpc.NewClient leaves the connection IDLE, and nothing calls Connect or makes an RPC`
		if state == connectivity.Ready {
			return conn, nil
		}
		if !conn.WaitForStateChange(ctx, state) {
			conn.Close()
			return nil, ctx.Err()
		}
	}
}

func polls(addr string) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return nil, err
	}
	for conn.GetState() != connectivity.Ready { // want `waits for ever`
		time.Sleep(time.Second)
	}
	return conn, nil
}

func leaves(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return nil, err
	}
	if !conn.WaitForStateChange(ctx, connectivity.Ready) { // want `WaitForStateChange\(ctx, READY\) waits for the connection to leave READY and returns at once: it is IDLE`
		conn.Close()
		return nil, ctx.Err()
	}
	return conn, nil
}

// Silent.

func logs(conn *grpc.ClientConn) {
	if conn.GetState() != connectivity.Ready {
		log.Print("not connected")
	}
}

func counts(conns []*grpc.ClientConn) (ready int) {
	for _, conn := range conns {
		if conn.GetState() == connectivity.Ready {
			ready++
		}
	}
	return ready
}

// gauge is for metrics.
func gauge(conn *grpc.ClientConn) bool { return conn.GetState() == connectivity.Ready }

// knowsIdle lets IDLE through.
func knowsIdle(conn *grpc.ClientConn) error {
	state := conn.GetState()
	if state != connectivity.Ready && state != connectivity.Idle {
		return errNotReady
	}
	return nil
}

func failure(conn *grpc.ClientConn) error {
	if conn.GetState() == connectivity.TransientFailure {
		return errNotReady
	}
	return nil
}

// afterRPC asks once there was an RPC.
func afterRPC(ctx context.Context, conn *grpc.ClientConn) error {
	_, err := orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
	if err != nil {
		return err
	}
	if conn.GetState() != connectivity.Ready {
		return errNotReady
	}
	return nil
}

// watch tells when a connection that was READY no longer is.
func watch(ctx context.Context, conn *grpc.ClientConn, lost func()) {
	for conn.WaitForStateChange(ctx, connectivity.Ready) {
		lost()
	}
}

// waitsAfterRPC follows a connection that an RPC has woken.
func waitsAfterRPC(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{}); err == nil {
		return nil
	}
	for conn.GetState() != connectivity.Ready {
		if !conn.WaitForStateChange(ctx, conn.GetState()) {
			return ctx.Err()
		}
	}
	return nil
}

// fallback takes another way, which is no refusal.
func fallback(ctx context.Context, conn *grpc.ClientConn, other orderpb.OrderServiceClient) (*orderpb.Order, error) {
	if conn.GetState() != connectivity.Ready {
		return other.GetOrder(ctx, &orderpb.GetOrderRequest{})
	}
	return orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
}

// idleWorks knows that the next RPC wakes an idle connection.
func idleWorks(conn *grpc.ClientConn) error {
	state := conn.GetState()
	if state == connectivity.Idle {
		return nil
	}
	if state != connectivity.Ready {
		return errNotReady
	}
	return nil
}
