package dialercontext

import (
	"context"
	"net"
	"os/exec"

	"google.golang.org/grpc"
)

func sshTunnel(ctx context.Context, addr string) (net.Conn, error) {
	cmd := exec.CommandContext(ctx, "ssh", "-L", addr) // want `the process ends as soon as the connection is set up` at "ctx"
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return net.Dial("tcp", addr)
}

func throughTunnel() grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) { return sshTunnel(ctx, addr) })
}

// Silent: the helper's context is another one.

func otherSSHTunnel(ctx context.Context, addr string) (net.Conn, error) {
	cmd := exec.CommandContext(ctx, "ssh", "-L", addr)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return net.Dial("tcp", addr)
}

func throughOtherTunnel(life context.Context) grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) { return otherSSHTunnel(life, addr) })
}

// The helper that adds to the context is the dialler's and others'.
func tagged(ctx context.Context) context.Context { return context.WithValue(ctx, key{}, "y") }

func withTag() grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		cmd := sshCommand(tagged(ctx), addr)
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		return net.Dial("tcp", addr)
	})
}

func sshCommand(ctx context.Context, addr string) *exec.Cmd {
	return exec.CommandContext(ctx, "ssh", addr) // want `the process ends as soon as the connection is set up`
}

// Silent: a context of its own.
func lastsLonger(ctx context.Context, addr string) error {
	cmd := exec.CommandContext(tagged(ctx), "ssh", addr)
	return cmd.Start()
}

var _ = []any{withTag, lastsLonger}
