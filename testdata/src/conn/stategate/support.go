package stategate

import (
	"context"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
)

// forTests is silent: a test waits for what it wants.
func forTests(t *testing.T, conn *grpc.ClientConn) error {
	if conn.GetState() != connectivity.Ready {
		return errNotReady
	}
	return nil
}

func waitForTests(t *testing.T, ctx context.Context, addr string) {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.WaitForStateChange(ctx, connectivity.Ready)
}
