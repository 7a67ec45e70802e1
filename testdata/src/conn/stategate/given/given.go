// Package given has the state from another package.
package given

import (
	"context"
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/conn/stategate/given/state"
)

var errNotReady = errors.New("not ready")

func gate(conn *grpc.ClientConn) error {
	if state.Of(conn) != connectivity.Ready { // want `turns away what would work` at "state.Of(conn)"
		return errNotReady
	}
	return nil
}

func asked(conn *grpc.ClientConn, asks func(*grpc.ClientConn)) error {
	if state.Asked(conn, asks) != connectivity.Ready {
		return errNotReady
	}
	return nil
}

func waits(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	state.Changed(ctx, conn) // want `WaitForStateChange\(ctx, READY\) waits for the connection to leave READY and returns at once: it is IDLE`
	return conn, nil
}
