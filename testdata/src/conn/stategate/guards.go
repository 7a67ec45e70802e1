package stategate

import (
	"context"
	"fmt"
	"net/http"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"

	"example.com/testdata/stubs/orderpb"
)

// Bad.

func unhealthy(conn *grpc.ClientConn) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if conn.GetState() != connectivity.Ready { // want `turns away what would work`
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusOK)
	}
}

// Silent.

// door has a state of its own.
type door struct{}

func (door) GetState() connectivity.State { return connectivity.Idle }

func ofDoor(d door) error {
	if d.GetState() != connectivity.Ready {
		return errNotReady
	}
	return nil
}

type stated interface{ GetState() connectivity.State }

func ofInterface(s stated) error {
	if s.GetState() != connectivity.Ready {
		return errNotReady
	}
	return nil
}

// logged goes on.
func logged(conn *grpc.ClientConn, names map[string]bool) bool {
	if conn.GetState() != connectivity.Ready {
		fmt.Println("not ready")
	}
	return names["x"]
}

// isNotReady only says so.
func isNotReady(conn *grpc.ClientConn, empty bool) bool {
	if conn.GetState() != connectivity.Ready {
		return true
	}
	return empty
}

// both turns away for another reason, too, which the state alone does not.
func both(conn *grpc.ClientConn, drained bool) error {
	if drained || conn.GetState() != connectivity.Ready {
		return errNotReady
	}
	return nil
}

// ofAttempt returns what another attempt gives, perhaps no error.
func ofAttempt(ctx context.Context, conn *grpc.ClientConn, attempt func(context.Context) error) error {
	if conn.GetState() != connectivity.Ready {
		return attempt(ctx)
	}
	return nil
}

// shut looks for a state that is no reason to turn away.
func shut(conn *grpc.ClientConn) error {
	if conn.GetState() != connectivity.Shutdown {
		return fmt.Errorf("still open")
	}
	return nil
}

// leavesReady waits for a connection of somebody else to fail.
func leavesReady(ctx context.Context, conn *grpc.ClientConn) bool {
	return conn.WaitForStateChange(ctx, connectivity.Ready)
}

// leavesConnecting waits for the end of an attempt.
func leavesConnecting(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.WaitForStateChange(ctx, connectivity.Connecting)
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
	return err
}
