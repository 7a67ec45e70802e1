// Package state asks connections for their state.
package state

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
)

// Of is the state.
func Of(conn *grpc.ClientConn) connectivity.State { return conn.GetState() }

// Changed is what it is after it was READY.
func Changed(ctx context.Context, conn *grpc.ClientConn) bool {
	return conn.WaitForStateChange(ctx, connectivity.Ready)
}

// Asked is the state after somebody has looked at the connection.
func Asked(conn *grpc.ClientConn, asks func(*grpc.ClientConn)) connectivity.State {
	asks(conn)
	return conn.GetState()
}
