// Package support dials for tests.
package support

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/conn/timeoutwithoutblock/opts"
)

var creds = grpc.WithTransportCredentials(insecure.NewCredentials())

// Silent: for tests only.

func forTests(t *testing.T, addr string) *grpc.ClientConn {
	conn, err := grpc.Dial(addr, creds, grpc.WithTimeout(time.Second)) // want `deprecated-dial`
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func passedInTests(ctx context.Context, t *testing.T, addr string) *grpc.ClientConn {
	conn, err := opts.Dial(ctx, addr, grpc.WithTimeout(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return conn
}
