// Package faketarget dials names that do not exist.
package faketarget

import (
	"context"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"
)

var creds = grpc.WithTransportCredentials(insecure.NewCredentials())

// Bad.

func literal(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.NewClient("bufnet", creds, // want `every RPC fails: grpc.NewClient looks up "bufnet" by DNS and does not get to the dialer \[conn/fake-target\]`
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return lis.DialContext(ctx) }))
}

func empty(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.NewClient("", creds, // want `every RPC fails: grpc.NewClient looks up "" by DNS`
		grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) { return lis.DialContext(ctx) }))
}

const name = "pipe"

func constant(path string) (*grpc.ClientConn, error) {
	opts := []grpc.DialOption{creds}
	opts = append(opts, grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}))
	return grpc.NewClient(name, opts...) // want `looks up "pipe" by DNS`
}

func fromHelper(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.NewClient("buf", creds, grpc.WithContextDialer(dialer(lis))) // want `looks up "buf" by DNS`
}

func dialer(lis *bufconn.Listener) func(context.Context, string) (net.Conn, error) {
	return func(context.Context, string) (net.Conn, error) { return lis.Dial() }
}

type pipes struct{ lis *bufconn.Listener }

func (p *pipes) dial(context.Context, string) (net.Conn, error) { return p.lis.Dial() }

func ofMethod(p *pipes) (*grpc.ClientConn, error) {
	return grpc.NewClient("pipes", creds, grpc.WithContextDialer(p.dial)) // want `looks up "pipes" by DNS`
}

func old(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.NewClient("bufnet", creds, // want `looks up "bufnet" by DNS`
		grpc.WithDialer(func(string, time.Duration) (net.Conn, error) { return lis.Dial() }))
}

// socket is no path for the resolver, but a name.
func socket(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.NewClient("/run/orders", creds, grpc.WithContextDialer(dialer(lis))) // want `looks up "/run/orders" by DNS`
}

// Silent.

func passthrough(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.NewClient("passthrough:///bufnet", creds, grpc.WithContextDialer(dialer(lis)))
}

func otherScheme(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.NewClient("passthrough:bufnet", creds, grpc.WithContextDialer(dialer(lis)))
}

func withPort(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.NewClient("localhost:7001", creds, grpc.WithContextDialer(dialer(lis)))
}

func localhost(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.NewClient("localhost", creds, grpc.WithContextDialer(dialer(lis)))
}

func domain(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.NewClient("orders.example.com", creds, grpc.WithContextDialer(dialer(lis)))
}

// proxied dials the name that it gets.
func proxied(proxy func(context.Context, string) (net.Conn, error)) (*grpc.ClientConn, error) {
	return grpc.NewClient("orders", creds, grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		return proxy(ctx, addr)
	}))
}

func unknownDialer(dial func(context.Context, string) (net.Conn, error)) (*grpc.ClientConn, error) {
	return grpc.NewClient("orders", creds, grpc.WithContextDialer(dial))
}

func sometimes(lis *bufconn.Listener, inMemory bool) (*grpc.ClientConn, error) {
	opts := []grpc.DialOption{creds}
	if inMemory {
		opts = append(opts, grpc.WithContextDialer(dialer(lis)))
	}
	return grpc.NewClient("orders", opts...)
}

func noDialer() (*grpc.ClientConn, error) { return grpc.NewClient("orders", creds) }

func variable(lis *bufconn.Listener, target string) (*grpc.ClientConn, error) {
	return grpc.NewClient(target, creds, grpc.WithContextDialer(dialer(lis)))
}

func byDial(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.Dial("bufnet", creds, grpc.WithContextDialer(dialer(lis))) // want `deprecated-dial`
}
