package dialercontext

import (
	"context"
	"net"
	"os/exec"
	"testing"

	"google.golang.org/grpc"
)

// forTests is silent: the test ends before anybody misses the process.
func forTests(t *testing.T) grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		cmd := exec.CommandContext(ctx, "tunnel", addr)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return net.Dial("tcp", addr)
	})
}
