// Package given has its commands from another package.
package given

import (
	"context"
	"net"

	"google.golang.org/grpc"

	"example.com/testdata/conn/dialercontext/given/tunnel"
)

func started() grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		cmd := tunnel.To(ctx, addr) // want `the process ends as soon as the connection is set up: grpc-go cancels the dialer's context then \[conn/dialer-context\]` at "ctx"
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		return net.Dial("tcp", addr)
	})
}

func run() grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		if err := tunnel.Run(tunnel.To(ctx, addr)); err != nil {
			return nil, err
		}
		return net.Dial("tcp", addr)
	})
}

func lasting() grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		cmd := tunnel.Lasting(ctx, addr)
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		return net.Dial("tcp", addr)
	})
}
