// Package connects sees to it that its connections connect: silent.
package connects

import (
	"context"
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
)

func await(ctx context.Context, conn *grpc.ClientConn) error {
	for {
		state := conn.GetState()
		if state == connectivity.Ready {
			return nil
		}
		conn.Connect()
		if !conn.WaitForStateChange(ctx, state) {
			return ctx.Err()
		}
	}
}

func gate(conn *grpc.ClientConn) error {
	if conn.GetState() != connectivity.Ready {
		return errors.New("not ready")
	}
	return nil
}
