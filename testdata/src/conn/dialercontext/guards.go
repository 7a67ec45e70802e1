package dialercontext

import (
	"context"
	"log"
	"net"
	"os/exec"

	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
)

// Bad.

func startedLate() grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		cmd := exec.CommandContext(ctx, "tunnel", addr) // want `the process ends as soon`
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			cmd.Wait()
			return nil, err
		}
		return conn, nil
	})
}

func ofBoth(addr string, creds grpc.DialOption) ([]*grpc.ClientConn, error) {
	a, err := grpc.NewClient("passthrough:///a"+addr, creds, grpc.WithContextDialer(tunnel))
	if err != nil {
		return nil, err
	}
	b, err := grpc.NewClient("passthrough:///b"+addr, creds, grpc.WithContextDialer(tunnel))
	return []*grpc.ClientConn{a, b}, err
}

// tunnel is the dialer of two connections: one finding.
func tunnel(ctx context.Context, addr string) (net.Conn, error) {
	cmd := exec.CommandContext(ctx, "tunnel", addr) // want `the process ends as soon`
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return net.Dial("tcp", addr)
}

// Silent.

type pool struct{}

// WithContextDialer is not grpc's.
func (*pool) WithContextDialer(func(context.Context, string) (net.Conn, error)) {}

func WithContextDialer(func(context.Context, string) (net.Conn, error)) {}

func others(p *pool) {
	dial := func(ctx context.Context, addr string) (net.Conn, error) {
		cmd := exec.CommandContext(ctx, "tunnel", addr)
		return nil, cmd.Start()
	}
	p.WithContextDialer(dial)
	WithContextDialer(dial)
}

func otherOption() grpc.DialOption {
	return grpc.WithUnaryInterceptor(func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		if err := exec.CommandContext(ctx, "log", method).Start(); err != nil {
			return err
		}
		return invoke(ctx, method, req, reply, cc, opts...)
	})
}

// told logs a stream and forgets it: what it returns does not need it.
func told(peer orderpb.OrderServiceClient) grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		s, err := peer.Chat(ctx)
		if err != nil {
			return nil, err
		}
		log.Print(s)
		return net.Dial("tcp", addr)
	})
}

// lookedUp starts nothing, whatever it is called.
func lookedUp(find finder) grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		path, err := exec.LookPath(addr)
		if err != nil {
			return nil, err
		}
		find.Start(ctx)
		return net.Dial("unix", path)
	})
}

type finder interface{ Start(ctx context.Context) }
