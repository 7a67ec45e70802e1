package keepalive

import (
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

func TestPings(t *testing.T) {
	conn, err := grpc.NewClient("x", creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second}))
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}
