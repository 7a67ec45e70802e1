package faketarget

import (
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/test/bufconn"
)

// Tests are where these targets live.
func TestBufnet(t *testing.T) {
	conn, err := grpc.NewClient("bufnet", creds, grpc.WithContextDialer(dialer(bufconn.Listen(1)))) // want `looks up "bufnet" by DNS`
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}
